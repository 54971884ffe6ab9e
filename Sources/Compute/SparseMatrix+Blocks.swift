extension SparseMatrix {
  /// Calls `body` for each block of rows, over all cores, with the offsets and the targets.
  package func forEachBlock(
    _ parallel: Parallel,
    _ body: (Range<Int>, UnsafePointer<UInt64>, UnsafePointer<UInt32>) -> Void
  ) {
    nonisolated(unsafe) let (offsetsStart, targetsStart) = (offsets.pointer, targets.pointer)
    parallel.forEach(blocks: blockStarts.count - 1) { block in
      body(blockStarts[block]..<blockStarts[block + 1], offsetsStart, targetsStart)
    }
    withExtendedLifetime((offsets.memory, targets.memory)) {}
  }

  /// Whether both stand on the same memory.
  package func sharesEntries(with other: SparseMatrix) -> Bool {
    offsets.pointer == other.offsets.pointer && targets.pointer == other.targets.pointer
      && offsets.count == other.offsets.count
  }
}
