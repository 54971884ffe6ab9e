import Communities
import Compute
import Graph

extension GroupSearch {
  /// Who shares things and acts together within days.
  func together() throws -> Found {
    var search = try RingSearch(view, along: path, parallel: session.parallel)
    search.search.windowSeconds = Int64(input[options.windowDays] * 86_400)
    search.search.largestThing = input[options.maxDegree]
    var settings = try options.settings(input, session)
    let found = try search.found(settings)
    settings.quality = .constantPotts(resolution: search.search.density)
    let certificate = try Certificate(
      of: found.partition, in: found.graph, method: .leiden, settings: settings, seeds: input[options.seeds])
    let scores = try memberScores()
    let judged = try search.judge(found, scores: scores.values).groups(found.partition)
    let types = search.things.map(\.type)
    let groups = found.partition.sizes().count { $0 > 2 }
    return self.found(
      found.partition, in: found.graph, judged: judged, types,
      certificate: certificate.json.with("scoredBy", scores.json),
      says: [
        "\(grouped(space.count)) nodes, \(counted(found.ties.count, "pair")) of which meet beyond chance, over "
          + "\((types + search.actionNames).joined(separator: ", ")): \(counted(groups, "group")) of three and more, "
          + "\(certificate.isConnected ? "all connected" : "some disconnected"); fingerprint \(certificate.fingerprint)."
      ] + scores.says)
  }
}
