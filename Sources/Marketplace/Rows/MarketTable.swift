/// The tables of a market, in the order in which they are kept.
enum MarketTable: Int, CaseIterable, Sendable {
  case merchant, product, creator, stream, video, buyer, device, account, address, ad
  case sells, orders, reviews, refunds, complaints, edits
  case merchantLogsIn, merchantPaidTo, shipsFrom, advertises, adShows
  case promotes, hosts, features, posts, tags, follows, creatorLogsIn, creatorPaidTo
  case buyerLogsIn, deliversTo
  case truthNodes, truthRings

  /// Whether it belongs to the truth, which lies apart.
  var isTruth: Bool { self == .truthNodes || self == .truthRings }

  var spec: TableSpec { MarketTable.specs[rawValue] }

  static let specs: [TableSpec] = allCases.map { table in
    switch table {
    case .merchant, .product, .creator, .stream, .video, .buyer, .device, .account, .address, .ad:
      nodeSpec(NodeKind(rawValue: table.rawValue)!)
    case .truthNodes, .truthRings: truthSpec(table)
    default: relationSpec(table)
    }
  }
}

typealias ColumnSpec = TableSpec.ColumnSpec

func keyColumn(_ kind: NodeKind, _ name: String? = nil, _ says: String? = nil) -> ColumnSpec {
  ColumnSpec(name ?? kind.name, .key(letter: kind.letter), says ?? "The \(kind.name)'s key.")
}

let countryLevels = Vocabulary.countries
let categoryLevels = Vocabulary.categories.map(\.name)
/// The first level, so that the others have a place from 1 on.
let osLevels = ["android", "ios", "windows", "macos", "other"]
let deviceLevels = ["phone", "tablet", "desktop", "gateway"]
let accountLevels = ["bank", "card", "wallet"]
let addressLevels = ["home", "office", "shop", "warehouse", "virtual"]
let businessLevels = ["individual", "company", "flagship"]
let paymentLevels = ["card", "wallet", "bank_transfer", "cash_on_delivery", "instalments"]
let editLevels = ["price", "stock", "title", "description", "images", "category", "brand"]
let channelLevels = ["feed", "search", "stream", "banner"]
let ageBands = ["18-24", "25-34", "35-44", "45-54", "55+"]
