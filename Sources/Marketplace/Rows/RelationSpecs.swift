// The columns of the relations' tables. Every row is an event with its time; what the platform learns later than it
// happens has a second time.

func relationSpec(_ table: MarketTable) -> TableSpec {
  func relation(_ name: String, _ says: String, _ columns: [ColumnSpec]) -> TableSpec {
    TableSpec(name, isRelation: true, says: says, columns)
  }
  func at(_ name: String, _ says: String) -> ColumnSpec { ColumnSpec(name, .time, says) }
  switch table {
  case .sells:
    return relation(
      "sells", "A merchant lists a product.",
      [keyColumn(.merchant), keyColumn(.product), at("listed_at", "When.")])
  case .orders:
    return relation(
      "orders", "A buyer orders a product of a merchant.",
      [
        keyColumn(.buyer), keyColumn(.product), keyColumn(.merchant),
        at("ordered_at", "When it was ordered."),
        ColumnSpec("amount", .number(decimals: 2), "What was paid."),
        ColumnSpec("coupon", .number(decimals: 2), "What a coupon took off."),
        ColumnSpec("payment", .category(paymentLevels), "How it was paid."),
      ])
  case .reviews:
    return relation(
      "reviews", "A buyer reviews a product.",
      [
        keyColumn(.buyer), keyColumn(.product), at("written_at", "When it was written."),
        at("published_at", "When it was checked and published."),
        ColumnSpec("stars", .number(decimals: 0), "One to five."),
        ColumnSpec("text", .text, optional: true, "What it says, if anything."),
      ])
  case .refunds:
    return relation(
      "refunds", "A buyer wants money back from a merchant.",
      [
        keyColumn(.buyer), keyColumn(.merchant), at("requested_at", "When it was asked for."),
        at("settled_at", "When it was settled, and so known to the platform."),
        ColumnSpec("amount", .number(decimals: 2), "How much."),
        ColumnSpec("reason", .category(RefundReason.allCases.map(\.name)), "The reason given."),
      ])
  case .complaints:
    return relation(
      "complaints", "A buyer complains of a merchant.",
      [
        keyColumn(.buyer), keyColumn(.merchant), at("filed_at", "When it was written."),
        at("registered_at", "When support had read it, and so known to the platform."),
        ColumnSpec("reason", .category(ComplaintReason.allCases.map(\.name)), "What it is about."),
      ])
  case .edits:
    return relation(
      "edits", "A merchant changes a listing.",
      [
        keyColumn(.merchant), keyColumn(.product), at("edited_at", "When."),
        ColumnSpec("changed", .category(editLevels), "What was changed."),
      ])
  case .merchantLogsIn:
    return relation(
      "merchant_logs_in", "A merchant logs in from a device.",
      [keyColumn(.merchant), keyColumn(.device), at("logged_in_at", "When.")])
  case .merchantPaidTo:
    return relation(
      "merchant_paid_to", "A merchant names an account to be paid to.",
      [keyColumn(.merchant), keyColumn(.account), at("since", "From when on.")])
  case .shipsFrom:
    return relation(
      "ships_from", "A merchant's parcels leave from an address.",
      [keyColumn(.merchant), keyColumn(.address), at("since", "From when on.")])
  case .advertises:
    return relation(
      "advertises", "A merchant pays for an ad.",
      [keyColumn(.merchant), keyColumn(.ad), at("started_at", "When.")])
  case .adShows:
    return relation(
      "ad_shows", "An ad leads to a product.",
      [keyColumn(.ad), keyColumn(.product), at("since", "From when on.")])
  case .promotes:
    return relation(
      "promotes", "A creator promotes a product.",
      [
        keyColumn(.creator), keyColumn(.product), at("promoted_at", "When."),
        ColumnSpec("commission", .number(decimals: 3), "The creator's share of the price."),
      ])
  case .hosts:
    return relation(
      "hosts", "A creator hosts a live stream.",
      [keyColumn(.creator), keyColumn(.stream), at("started_at", "When it began.")])
  case .features:
    return relation(
      "features", "A live stream shows a product.",
      [keyColumn(.stream), keyColumn(.product), at("shown_at", "When it was shown.")])
  case .posts:
    return relation(
      "posts", "A creator posts a video.", [keyColumn(.creator), keyColumn(.video), at("posted_at", "When.")])
  case .tags:
    return relation(
      "tags", "A video names a product.", [keyColumn(.video), keyColumn(.product), at("posted_at", "When.")])
  case .follows:
    return relation(
      "follows", "A buyer follows a creator.",
      [keyColumn(.buyer), keyColumn(.creator), at("since", "From when on.")])
  case .creatorLogsIn:
    return relation(
      "creator_logs_in", "A creator logs in from a device.",
      [keyColumn(.creator), keyColumn(.device), at("logged_in_at", "When.")])
  case .creatorPaidTo:
    return relation(
      "creator_paid_to", "A creator names an account to be paid to.",
      [keyColumn(.creator), keyColumn(.account), at("since", "From when on.")])
  case .buyerLogsIn:
    return relation(
      "buyer_logs_in", "A buyer logs in from a device.",
      [keyColumn(.buyer), keyColumn(.device), at("logged_in_at", "When.")])
  case .deliversTo:
    return relation(
      "delivers_to", "A buyer's parcels arrive at an address.",
      [keyColumn(.buyer), keyColumn(.address), at("since", "From when on.")])
  default: preconditionFailure("not a relation")
  }
}

/// The truth: who is in which ring, and the rings.
func truthSpec(_ table: MarketTable) -> TableSpec {
  let kinds = Typology.all.map(\.name) + Typology.lookAlikes
  if table == .truthNodes {
    return TableSpec(
      "nodes",
      says:
        "A node's true part in a risk, or what makes it look like one. Who is not here is plainly innocent.",
      [
        ColumnSpec("type", .category(NodeKind.allCases.map(\.name)), "The node's type."),
        ColumnSpec("key", .text, "The node's key."),
        ColumnSpec("typology", .category(kinds), "The kind of risk, or of innocent look-alike."),
        ColumnSpec("ring", .text, optional: true, "The ring's id; empty for look-alikes."),
        ColumnSpec(
          "role", .category(Member.Role.allCases.map { "\($0)" } + ["good", "look_alike"]),
          "The part it plays."),
        ColumnSpec("is_risky", .flag, "1 for those who do harm, 0 for victims and look-alikes."),
        ColumnSpec("started_at", .time, "When it began."),
        ColumnSpec("ended_at", .time, "When it ended, or the end of the tables."),
      ])
  }
  return TableSpec(
    "rings", says: "A group that acts together.",
    [
      ColumnSpec("ring", .text, "The ring's id."),
      ColumnSpec("typology", .category(kinds), "The kind of risk."),
      ColumnSpec("is_fraud", .flag, "0 for plain low quality."),
      ColumnSpec("skill", .number(decimals: 2), "0 clumsy to 1 skilled."),
      ColumnSpec("country", .category(countryLevels), "Where it acts."),
      ColumnSpec("merchants", .number(decimals: 0), "Merchants in it, victims included."),
      ColumnSpec("creators", .number(decimals: 0), "Creators in it."),
      ColumnSpec("buyers", .number(decimals: 0), "Buyer accounts in it."),
      ColumnSpec("started_at", .time, "When it began."),
      ColumnSpec("ended_at", .time, "When it ended, or the end of the tables."),
    ])
}
