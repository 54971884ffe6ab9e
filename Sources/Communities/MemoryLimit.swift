import Compute

/// Half of what the machine has to give at this moment, in bytes: what an operation may take without being asked.
public func affordableMemory() -> Int { (ProcessMemory.available ?? 2 << 30) / 2 }
