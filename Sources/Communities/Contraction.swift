// Contraction: each group of nodes becomes one node of a smaller graph.
//
// Groups are numbered anew in the order of their names. A node without neighbours has found its community: it leaves
// the search with a name from the upper end of all names, so that later levels hold no dead weight. Rows are summed
// group by group in a dense array, and written into slabs that each thread takes off one pile; weights between the
// members of a group vanish, since its mass remembers them.

import CKernels
import Compute

/// The names of groups for one level's nodes, dense from 0; names of finished nodes count down from `UInt32.max`.
struct GroupNames {
  let names: Room<UInt32>
  let groupCount: Int
}

/// Where contraction puts things; made once, used by all levels in turn.
struct ContractionRoom {
  let names: Room<UInt32>
  let marks: Room<UInt8>
  let newNames: Room<UInt32>
  let firstMembers: Room<UInt32>
  let cursors: Room<UInt32>
  let members: Room<UInt32>
  /// Two graphs' worth: a level is made while the one before it is read.
  let levels: [LevelRoom]

  init(nodeCount: Int, entryCount: Int, width: Width, threads: Int) {
    names = Room(nodeCount)
    marks = Room(nodeCount)
    newNames = Room(nodeCount)
    firstMembers = Room(nodeCount + 1)
    cursors = Room(nodeCount)
    members = Room(nodeCount)
    levels = (0..<2).map { _ in
      LevelRoom(nodeCount: nodeCount, entryCount: 2 * entryCount + threads << 17, width: width.aggregated)
    }
  }

  struct LevelRoom: Sendable {
    let starts: Room<UInt64>
    let ends: Room<UInt64>
    let targets: Room<UInt32>
    let weights: Sums
    let masses: Sums
    let sizes: Room<UInt32>

    init(nodeCount: Int, entryCount: Int, width: Width) {
      starts = Room(nodeCount)
      ends = Room(nodeCount)
      targets = Room(entryCount)
      weights = Sums(entryCount, width)
      masses = Sums(nodeCount, width)
      sizes = Room(nodeCount)
    }
  }
}

extension SearchState {
  /// Numbers the labels that `level`'s nodes bear. `finished` counts the nodes that have left the search so far.
  func name(
    _ labels: Room<UInt32>, of level: SearchLevel, in room: ContractionRoom, finished: inout UInt32
  ) -> Int {
    let count = level.nodeCount
    let marks = room.marks.start
    parallel.forEach(rows: count, atLeast: 8192) { nodes in
      for label in nodes { marks[label] = 0 }
    }
    let isolated = parallel.map(rows: count, atLeast: 8192) { nodes -> UInt32 in
      var isolated: UInt32 = 0
      var run = nodes.lowerBound
      for node in nodes where level.isIsolated(node) {
        rg_mark(labels.start + run, node - run, marks)
        run = node + 1
        isolated &+= 1
      }
      rg_mark(labels.start + run, nodes.upperBound - run, marks)
      return isolated
    }
    let used = parallel.map(rows: count, atLeast: 8192) { labels -> UInt32 in
      labels.reduce(UInt32(0)) { $0 &+ UInt32(marks[$1]) }
    }
    let firstNames = runningSums(used)
    let firstFinished = runningSums(isolated)
    let size = Parallel.blockSize(rows: count, atLeast: 8192)
    parallel.forEach(rows: count, atLeast: 8192) { labels in
      var next = firstNames[labels.lowerBound / size]
      for label in labels {
        room.newNames.start[label] = next
        next &+= UInt32(marks[label])
      }
    }
    let alreadyFinished = finished
    parallel.forEach(rows: count, atLeast: 8192) { nodes in
      var next = UInt32.max - alreadyFinished - firstFinished[nodes.lowerBound / size]
      for node in nodes {
        if level.isIsolated(node) {
          room.names.start[node] = next
          next &-= 1
        } else {
          room.names.start[node] = room.newNames.start[Int(labels.start[node])]
        }
      }
    }
    finished += firstFinished.last!
    return Int(firstNames.last!)
  }

  /// The graph whose nodes are the groups named by `name`.
  func contract(
    _ level: SearchLevel, groupCount: Int, in room: ContractionRoom, into target: ContractionRoom.LevelRoom
  ) -> SearchLevel {
    let names = room.names.start
    let count = level.nodeCount
    var alive = 0
    // Finished nodes have no place to be counted at; they are few, and lie between the runs of the others.
    let runs = parallel.map(rows: count, atLeast: 8192) { nodes in
      SearchState.runs(of: nodes) { !level.isIsolated($0) }
    }
    parallel.forEach(rows: groupCount, atLeast: 8192) { groups in
      target.masses.clear(groups)
      for group in groups {
        room.cursors.start[group] = 0
        target.sizes.start[group] = 0
      }
    }
    withUnsafePointer(to: level.raw) { raw in
      nonisolated(unsafe) let raw = raw
      parallel.forEach(blocks: runs.count) { block in
        for run in runs[block] {
          rg_count_labels(names + run.lowerBound, run.count, room.cursors.start)
          rg_add_masses(raw, names, UInt32(run.lowerBound), UInt32(run.upperBound), target.masses.raw)
        }
      }
      let counts = parallel.map(rows: groupCount, atLeast: 8192) { groups in
        groups.reduce(UInt32(0)) { $0 &+ room.cursors.start[$1] }
      }
      let starts = runningSums(counts)
      let size = Parallel.blockSize(rows: groupCount, atLeast: 8192)
      parallel.forEach(rows: groupCount, atLeast: 8192) { groups in
        var next = starts[groups.lowerBound / size]
        for group in groups {
          let members = room.cursors.start[group]
          room.firstMembers.start[group] = next
          room.cursors.start[group] = next
          next &+= members
        }
      }
      room.firstMembers.start[groupCount] = starts.last!
      alive = Int(starts.last!)
      parallel.forEach(blocks: runs.count) { block in
        for run in runs[block] {
          rg_place_members(
            names, UInt32(run.lowerBound), UInt32(run.upperBound), room.cursors.start, room.members.start)
        }
      }
    }
    if sizes != nil {
      for place in 0..<alive {
        let node = Int(room.members.start[place])
        target.sizes.start[Int(names[node])] += level.nodeSizes?[node] ?? 1
      }
    }
    sumRows(level, groupCount: groupCount, alive: alive, in: room, into: target)
    return SearchLevel(
      width: level.width.aggregated, instructionSet: level.raw.instruction_set, nodeCount: groupCount,
      starts: target.starts.start, ends: target.ends.start, targets: target.targets.start,
      weights: target.weights.raw, masses: target.masses.raw,
      nodeSizes: sizes == nil ? nil : target.sizes.start, owners: [target])
  }

  private func sumRows(
    _ level: SearchLevel, groupCount: Int, alive: Int, in room: ContractionRoom,
    into target: ContractionRoom.LevelRoom
  ) {
    // The kernel looks ahead in the list of members, up to the level's number of nodes.
    var source = level.raw
    source.node_count = UInt32(alive)
    var pile: UInt64 = 0
    let perChunk = groupCount > 4096 ? 64 : 1
    withUnsafePointer(to: source) { source in
      withUnsafeMutablePointer(to: &pile) { pile in
        let slabs = Room<rg_slab>(parallel.threads)
        for worker in 0..<parallel.threads { slabs.start[worker] = rg_slab(top: pile, cursor: 0, end: 0) }
        nonisolated(unsafe) let source = source
        crew.forEach(chunks: (groupCount + perChunk - 1) / perChunk) { worker, chunk in
          let from = chunk * perChunk
          withUnsafePointer(to: scratch[worker].raw) { scratch in
            rg_aggregate_rows(
              source, room.names.start, room.firstMembers.start, room.members.start, UInt32(from),
              UInt32(min(groupCount, from + perChunk)), scratch, slabs.start + worker, target.starts.start,
              target.ends.start, target.targets.start, target.weights.raw)
          }
        }
      }
    }
  }

  private static func runs(of nodes: Range<Int>, where keeps: (Int) -> Bool) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for node in nodes {
      if keeps(node) {
        if start == nil { start = node }
      } else if let first = start {
        runs.append(first..<node)
        start = nil
      }
    }
    if let start { runs.append(start..<nodes.upperBound) }
    return runs
  }
}

/// 0, and after each number the sum so far.
private func runningSums(_ numbers: [UInt32]) -> [UInt32] {
  var sums: [UInt32] = [0]
  for number in numbers { sums.append(sums.last! + number) }
  return sums
}
