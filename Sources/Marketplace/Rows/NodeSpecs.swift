// The columns of the node tables.
//
// A row of a node table never changes and is known when the node appears: rates are those of the trial weeks before a shop
// opened, follower counts those at joining. What happens later is in the relations, each event with its time. So no
// column can tell the future.

private let label = [
  ColumnSpec(
    "risk_label", .flag, optional: true, "1 found to be risky, 0 looked at and cleared, empty: nobody knows."),
  ColumnSpec("label_known_at", .time, optional: true, "When the label became known to the platform."),
]

func nodeSpec(_ kind: NodeKind) -> TableSpec {
  let key = ColumnSpec("id", .key(letter: kind.letter), "The key.")
  switch kind {
  case .merchant:
    return TableSpec(
      "merchant", says: "A shop.",
      [
        key,
        ColumnSpec("opened_at", .time, "When the shop opened to buyers, after its trial weeks."),
        ColumnSpec("shop_name", .text, "The shop's name."),
        ColumnSpec("category", .category(categoryLevels), "What it mostly sells."),
        ColumnSpec("country", .category(countryLevels), "Where it is registered."),
        ColumnSpec(
          "business", .category(businessLevels), "Whose it is: a person's, a company's, a brand's own."),
        ColumnSpec("is_verified", .flag, "Whether its papers were checked by hand."),
        ColumnSpec("trial_orders", .number(decimals: 0), "Orders in the trial weeks."),
        ColumnSpec("price_level", .number(decimals: 2), "The median price of its first listings."),
        ColumnSpec(
          "rating", .number(decimals: 2), optional: true, "Mean stars in the trial weeks; empty with few."),
        ColumnSpec(
          "late_rate", .number(decimals: 4), optional: true, "The share of trial orders shipped late."),
        ColumnSpec(
          "refund_rate", .number(decimals: 4), optional: true, "The share of trial orders refunded."),
        ColumnSpec(
          "dispute_rate", .number(decimals: 4), optional: true, "The share of trial orders disputed."),
        ColumnSpec(
          "chat_response_rate", .number(decimals: 3), optional: true,
          "The share of chats answered within a day."),
        ColumnSpec(
          "chat_minutes", .number(decimals: 1), optional: true,
          "The median minutes to the first answer in chat."),
        ColumnSpec("deposit", .number(decimals: 0), "The deposit it paid."),
      ] + label)
  case .product:
    return TableSpec(
      "product", says: "Something on sale.",
      [
        key,
        ColumnSpec("listed_at", .time, "When it was first listed."),
        ColumnSpec("title", .text, "The title as first listed."),
        ColumnSpec("description", .text, optional: true, "The description as first listed."),
        ColumnSpec("category", .category(categoryLevels), "The category."),
        ColumnSpec("brand", .category(Vocabulary.brandLevels), "The brand it names, or none."),
        ColumnSpec("price", .number(decimals: 2), "The price as first listed."),
        ColumnSpec("discount", .number(decimals: 2), "The share struck off the list price."),
        ColumnSpec("images", .number(decimals: 0), "Pictures in the listing."),
        ColumnSpec("has_warranty", .flag, "Whether a warranty is promised."),
      ] + label)
  case .creator:
    return TableSpec(
      "creator", says: "Somebody who shows products in videos and live streams.",
      [
        key,
        ColumnSpec("joined_at", .time, "When they joined."),
        ColumnSpec("bio", .text, "What they say of themselves."),
        ColumnSpec("niche", .category(categoryLevels), "What they mostly show."),
        ColumnSpec("country", .category(countryLevels), "Where they are."),
        ColumnSpec(
          "followers_elsewhere", .number(decimals: 0), "Followers on other platforms when they joined."),
        ColumnSpec(
          "engagement_rate", .number(decimals: 4), optional: true,
          "Likes and comments a follower there, when they joined."),
        ColumnSpec("is_verified", .flag, "Whether their identity was checked."),
      ] + label)
  case .stream:
    return TableSpec(
      "stream", says: "A live stream.",
      [
        key,
        ColumnSpec("started_at", .time, "When it began."),
        ColumnSpec("ended_at", .time, "When it ended; its figures are known from then on."),
        ColumnSpec("title", .text, "Its title."),
        ColumnSpec("minutes", .number(decimals: 0), "How long it was."),
        ColumnSpec("peak_viewers", .number(decimals: 0), "The most viewers at once."),
        ColumnSpec("chat_messages", .number(decimals: 0), "Messages in its chat."),
      ])
  case .video:
    return TableSpec(
      "video", says: "A video.",
      [
        key,
        ColumnSpec("posted_at", .time, "When it was posted."),
        ColumnSpec("counted_at", .time, "When its first day's views and likes were counted."),
        ColumnSpec("title", .text, "Its title."),
        ColumnSpec("seconds", .number(decimals: 0), "How long it is."),
        ColumnSpec("views", .number(decimals: 0), "Views on the first day."),
        ColumnSpec("likes", .number(decimals: 0), "Likes on the first day."),
      ])
  case .buyer:
    return TableSpec(
      "buyer", says: "An account that buys.",
      [
        key,
        ColumnSpec("joined_at", .time, "When the account was made."),
        ColumnSpec("country", .category(countryLevels), "Where it delivers to."),
        ColumnSpec("age_band", .category(ageBands), optional: true, "The age that was given."),
        ColumnSpec("orders_before", .number(decimals: 0), "Orders before the tables begin."),
        ColumnSpec("is_phone_verified", .flag, "Whether the telephone number was checked."),
      ] + label)
  case .device:
    return TableSpec(
      "device", says: "What somebody logs in from.",
      [
        key,
        ColumnSpec("first_seen", .time, "When it was first seen."),
        ColumnSpec(
          "kind", .category(deviceLevels), "What it is; a gateway is a carrier's, with many people behind it."
        ),
        ColumnSpec("os", .category(osLevels), "Its operating system."),
        ColumnSpec("is_emulator", .flag, "Whether it looks like an emulator."),
      ])
  case .account:
    return TableSpec(
      "account", says: "Where money is paid to.",
      [
        key,
        ColumnSpec("opened_at", .time, "When it was first named on the platform."),
        ColumnSpec("kind", .category(accountLevels), "What it is."),
        ColumnSpec("country", .category(countryLevels), "Where it is held."),
      ])
  case .address:
    return TableSpec(
      "address", says: "Where parcels leave from or arrive.",
      [
        key,
        ColumnSpec("first_seen", .time, "When it was first seen."),
        ColumnSpec("kind", .category(addressLevels), "What it is, as far as the map knows."),
        ColumnSpec("country", .category(countryLevels), "Where it is."),
      ])
  case .ad:
    return TableSpec(
      "ad", says: "An advertisement.",
      [
        key,
        ColumnSpec("started_at", .time, "When it was first shown."),
        ColumnSpec("text", .text, "What it says."),
        ColumnSpec("channel", .category(channelLevels), "Where it is shown."),
        ColumnSpec("budget", .number(decimals: 2), "What may be spent."),
      ])
  }
}
