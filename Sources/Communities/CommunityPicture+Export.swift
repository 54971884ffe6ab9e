extension CommunityPicture {
  /// The graph as GEXF 1.3, which Gephi opens.
  public func gexf() -> String {
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <gexf xmlns="http://gexf.net/1.3" version="1.3">
        <meta><description>\(xmlText(title))</description></meta>
        <graph defaultedgetype="undirected">
          <attributes class="node">
            <attribute id="type" title="type" type="string"/>
            <attribute id="risk" title="risk" type="double"/>
          </attributes>
          <nodes>

      """
    for (index, node) in nodes.enumerated() {
      text += "      <node id=\"\(index)\" label=\"\(xmlText(node.name))\"><attvalues>"
      text += "<attvalue for=\"type\" value=\"\(xmlText(node.type))\"/>"
      if let risk = node.risk { text += "<attvalue for=\"risk\" value=\"\(risk)\"/>" }
      text += "</attvalues></node>\n"
    }
    text += "    </nodes>\n    <edges>\n"
    for (index, edge) in edges.enumerated() {
      text +=
        "      <edge id=\"\(index)\" source=\"\(edge.source)\" target=\"\(edge.target)\" weight=\"\(edge.weight)\"/>\n"
    }
    return text + "    </edges>\n  </graph>\n</gexf>\n"
  }

  /// The graph as GraphML, which Cytoscape, yEd, NetworkX and igraph read.
  public func graphML() -> String {
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
        <key id="name" for="node" attr.name="name" attr.type="string"/>
        <key id="type" for="node" attr.name="type" attr.type="string"/>
        <key id="risk" for="node" attr.name="risk" attr.type="double"/>
        <key id="weight" for="edge" attr.name="weight" attr.type="double"/>
        <graph edgedefault="undirected">

      """
    for (index, node) in nodes.enumerated() {
      text += "    <node id=\"n\(index)\"><data key=\"name\">\(xmlText(node.name))</data>"
      text += "<data key=\"type\">\(xmlText(node.type))</data>"
      if let risk = node.risk { text += "<data key=\"risk\">\(risk)</data>" }
      text += "</node>\n"
    }
    for edge in edges {
      text += "    <edge source=\"n\(edge.source)\" target=\"n\(edge.target)\">"
      text += "<data key=\"weight\">\(edge.weight)</data></edge>\n"
    }
    return text + "  </graph>\n</graphml>\n"
  }
}
