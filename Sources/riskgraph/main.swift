print("riskgraph")
