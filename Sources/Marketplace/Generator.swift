import Compute
import Dispatch
import Foundation
import Graph

// Writing a market.
//
// The work is a list of blocks, each a few thousand nodes of one type with all that follows from them. A wave of blocks is
// made and encoded on all cores; then, while the next wave is made, one queue writes this one's bytes in the blocks'
// order. What a block makes depends on the seed and the block alone, so the files are the same on any number of threads,
// and no more than two waves are ever in memory.

/// Makes a synthetic marketplace and writes it.
///
///     let made = try Generator(GeneratorOptions(scale: .small)).write(to: "out")
///     made.edges        // about 20,000
public struct Generator: Sendable {
  public let options: GeneratorOptions
  private let world: World

  /// What was written.
  public struct Summary: Sendable, Codable, Equatable {
    public var nodes: Int
    public var edges: Int
    public var rings: Int
    public var riskyMerchants: Int
    /// Rows by table.
    public var tables: [String: Int]
  }

  /// Plans the market: its rings, and who owns what. Takes about a second for twenty million nodes.
  public init(_ options: GeneratorOptions) throws(MarketplaceError) {
    try options.check()
    self.options = options
    world = World(options)
  }

  /// Writes tables, `schema.json`, `README.md` and `truth/` to a folder that is empty or not there yet.
  /// Whatever goes wrong, or if it is stopped, the folder is left as it was found.
  @discardableResult
  public func write(
    to path: String, parallel: Parallel = .machine, progress: ProgressSink = .silent,
    stop: StopRequest = StopRequest()
  ) throws(MarketplaceError) -> Summary {
    let folder = try OutputFolder(path: path)
    do throws(MarketplaceError) {
      return try write(folder, parallel, progress, stop)
    } catch {
      folder.remove()
      throw error
    }
  }

  private func write(
    _ folder: OutputFolder, _ parallel: Parallel, _ progress: ProgressSink, _ stop: StopRequest
  ) throws(MarketplaceError) -> Summary {
    try folder.makeFolder(named: "truth")
    var files: [TableFile] = []
    for table in MarketTable.allCases {
      let place = table.isTruth ? folder.path + "/truth" : folder.path
      files.append(try TableFile(table.spec, folder: place, format: options.format))
    }
    try writeBlocks(files, parallel, progress, stop)
    for file in files { try file.finish() }
    try folder.write(MarketSchema.schema.json, to: "schema.json")
    try folder.write(DataDictionary.text(options), to: "README.md")

    var summary = Summary(
      nodes: 0, edges: 0, rings: world.plan.rings.count, riskyMerchants: world.plan.riskyMerchants,
      tables: [:])
    for (table, file) in zip(MarketTable.allCases, files) {
      summary.tables[table.isTruth ? "truth/" + table.spec.name : table.spec.name] = file.rows
      if table.isTruth { continue }
      if table.spec.isRelation { summary.edges += file.rows } else { summary.nodes += file.rows }
    }
    return summary
  }

  private func writeBlocks(
    _ files: [TableFile], _ parallel: Parallel, _ progress: ProgressSink, _ stop: StopRequest
  ) throws(MarketplaceError) {
    let blocks = Block.all(of: world)
    let step = progress.step("generating", total: world.counts.reduce(0, +), unit: "nodes")
    let writer = BlockWriter(files: files)
    var next = 0
    while next < blocks.count {
      if stop.isWanted { break }
      let wave = Array(blocks[next..<min(blocks.count, next + Generator.blocksPerWave)])
      next += wave.count
      let encoded = parallel.map(rows: wave.count, atLeast: 1) { range in
        range.map { encode(wave[$0], step) }
      }
      writer.submit(encoded.flatMap { $0 })
      if writer.hasFailed { break }
    }
    try writer.finish()
    step.finish()
    if stop.isWanted { throw .stopped }
  }

  private static let blocksPerWave = 16

  private func encode(_ block: Block, _ step: Compute.Progress) -> [(table: Int, bytes: EncodedBlock)] {
    let rows = world.rows(of: block)
    var encoded: [(table: Int, bytes: EncodedBlock)] = []
    for table in MarketTable.allCases where rows[table].count > 0 {
      encoded.append((table.rawValue, .encode(rows[table], table.spec, options.format)))
    }
    step.advance(by: block.isRings ? 0 : block.range.count)
    return encoded
  }
}

/// Some nodes of one type, by the places of their rows; or some rings.
struct Block: Sendable {
  var kind: NodeKind
  var range: Range<Int>
  var isRings = false

  static func all(of world: World) -> [Block] {
    var blocks: [Block] = []
    for kind in NodeKind.allCases {
      // So that a block of any type makes about as many rows: a merchant brings some sixty, a device one.
      let size =
        switch kind {
        case .merchant: 512
        case .creator: 256
        case .buyer: 8192
        default: 16_384
        }
      for start in stride(from: 0, to: world.count(kind), by: size) {
        blocks.append(Block(kind: kind, range: start..<min(world.count(kind), start + size)))
      }
    }
    for start in stride(from: 0, to: world.plan.rings.count, by: 16_384) {
      blocks.append(
        Block(kind: .merchant, range: start..<min(world.plan.rings.count, start + 16_384), isRings: true))
    }
    return blocks
  }
}

extension World {
  /// The rows of a block, in every table that it brings something to.
  func rows(of block: Block) -> BlockRows {
    var rows = BlockRows()
    if block.isRings {
      for ring in block.range { ringRow(ring, &rows[.truthRings]) }
      return rows
    }
    let order = rowOrders[block.kind.rawValue]
    var products = rows[.product]
    var truth = rows[.truthNodes]
    for place in block.range {
      let rank = order[place]
      switch block.kind {
      case .merchant:
        let merchant = merchant(rank)
        merchantRow(merchant, &rows[.merchant])
        merchantEvents(merchant, &rows)
        merchantTruth(merchant, &rows[.truthNodes])
      case .creator:
        let creator = creator(rank)
        creatorRow(creator, &rows[.creator])
        creatorEvents(creator, &rows)
        creatorTruth(creator, &rows[.truthNodes])
      case .buyer:
        buyerRow(rank, &rows[.buyer])
        buyerEvents(rank, &rows)
        buyerTruth(rank, &rows[.truthNodes])
      case .product: productRow(rank, &products, &truth)
      case .stream: streamRow(rank, &rows[.stream])
      case .video: videoRow(rank, &rows[.video])
      case .device: deviceRow(rank, &rows[.device])
      case .account: accountRow(rank, &rows[.account])
      case .address: addressRow(rank, &rows[.address])
      case .ad: adRow(rank, &rows[.ad])
      }
    }
    if block.kind == .product {
      rows[.product] = products
      rows[.truthNodes] = truth
    }
    return rows
  }
}

/// Writes waves of blocks in order, one behind the making of the next.
private final class BlockWriter: @unchecked Sendable {
  // Only touched on the queue, and after it is drained.
  private let files: [TableFile]
  private var failure: MarketplaceError?
  private let queue = DispatchQueue(label: "market writer")

  init(files: [TableFile]) { self.files = files }

  var hasFailed: Bool { queue.sync { failure != nil } }

  /// Waits for the wave before, then writes this one while the caller goes on.
  func submit(_ wave: [[(table: Int, bytes: EncodedBlock)]]) {
    queue.sync {}
    queue.async { [self] in
      guard failure == nil else { return }
      do throws(MarketplaceError) {
        for block in wave { for (table, bytes) in block { try files[table].append(bytes) } }
      } catch {
        failure = error
      }
    }
  }

  func finish() throws(MarketplaceError) {
    if let failure = queue.sync(execute: { failure }) { throw failure }
  }
}
