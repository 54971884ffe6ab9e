import Compute

extension CSR {
  /// The first pair of nodes, by row and then target, with more than one entry.
  func firstDuplicate(parallel: Parallel = .machine) -> (source: UInt32, target: UInt32)? {
    let isSorted = times == nil
    let found: [(UInt32, UInt32)?] = offsets.withUnsafeBufferPointer { offsets in
      targets.withUnsafeBufferPointer { targets in
        nonisolated(unsafe) let (offsets, targets) = (offsets, targets)
        return parallel.map(rows: rowCount) { rows -> (UInt32, UInt32)? in
          var sorted: [UInt32] = []
          for row in rows {
            let entries = Int(offsets[row])..<Int(offsets[row + 1])
            guard entries.count > 1 else { continue }
            if isSorted {
              for entry in entries.dropFirst() where targets[entry] == targets[entry &- 1] {
                return (UInt32(row), targets[entry])
              }
            } else {
              sorted.replaceSubrange(0..., with: targets[entries])
              sorted.sort()
              for index in 1..<sorted.count where sorted[index] == sorted[index &- 1] {
                return (UInt32(row), sorted[index])
              }
            }
          }
          return nil
        }
      }
    }
    return found.lazy.compactMap { $0 }.first
  }

  /// The same graph with one entry for each pair of nodes: its weight is the sum of theirs, added in the order of
  /// the edges, and its edge row is the first of theirs. Needs: rows sorted by target.
  func withDuplicatesSummed(keepsEdgeRows: Bool, parallel: Parallel = .machine) -> CSR {
    precondition(times == nil, "edges at different times are not one edge")
    let newOffsets = UnfinishedBuffer<UInt64>(capacity: rowCount + 1)
    nonisolated(unsafe) let starts = newOffsets.elements
    parallel.forEach(rows: rowCount) { rows in
      offsets.withUnsafeBufferPointer { offsets in
        targets.withUnsafeBufferPointer { targets in
          for row in rows {
            let entries = Int(offsets[row])..<Int(offsets[row + 1])
            var distinct: UInt64 = entries.isEmpty ? 0 : 1
            for entry in entries.dropFirst() where targets[entry] != targets[entry &- 1] { distinct &+= 1 }
            starts[row] = distinct
          }
        }
      }
    }
    var sum: UInt64 = 0
    for row in 0..<rowCount { (starts[row], sum) = (sum, sum + starts[row]) }
    starts[rowCount] = sum
    guard Int(sum) < entryCount else { return self }

    let newTargets = UnfinishedBuffer<UInt32>(capacity: Int(sum))
    let newWeights = UnfinishedBuffer<Float>(capacity: Int(sum))
    let newRows = UnfinishedBuffer<UInt32>(capacity: edgeRows == nil ? 0 : Int(sum))
    nonisolated(unsafe) let (outTargets, outWeights, outRows) = (
      newTargets.elements, newWeights.elements, newRows.elements
    )
    parallel.forEach(rows: rowCount) { rows in
      offsets.withUnsafeBufferPointer { offsets in
        targets.withUnsafeBufferPointer { targets in
          for row in rows {
            var place = Int(starts[row])
            var entry = Int(offsets[row])
            let end = Int(offsets[row + 1])
            while entry < end {
              let target = targets[entry]
              outTargets[place] = target
              if let edgeRows { outRows[place] = edgeRows[entry] }
              var total = 0.0
              while entry < end, targets[entry] == target {
                total += Double(weight(entry))
                entry += 1
              }
              outWeights[place] = Float(total)
              place += 1
            }
          }
        }
      }
    }
    return CSR(
      targetCount: targetCount, offsets: newOffsets.finished(), targets: newTargets.finished(),
      weights: newWeights.finished(), edgeRows: edgeRows == nil ? nil : newRows.finished())
  }
}
