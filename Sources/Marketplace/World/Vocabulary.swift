// The words of the market: categories with their nouns, brands (all invented), phrases that sell, phrases that praise and
// phrases that complain.

struct Category: Sendable {
  var name: String
  /// The price that half of its products stay below.
  var price: Double
  /// Its share of the business.
  var share: Double
  var nouns: [String]
  var brands: [String]
}

enum Vocabulary {
  static let categories: [Category] = [
    Category(
      name: "fashion", price: 24, share: 0.14,
      nouns: ["dress", "shirt", "jacket", "jeans", "sweater", "skirt"],
      brands: ["Lunaire", "Northpine", "Velmo", "Ada&Finn", "Korso"]),
    Category(
      name: "beauty", price: 15, share: 0.11,
      nouns: ["serum", "lipstick", "face cream", "mask", "perfume", "palette"],
      brands: ["Rosenda", "Clariva", "Mirabel", "Pure Isle", "Ondine"]),
    Category(
      name: "home", price: 22, share: 0.1, nouns: ["lamp", "rug", "blanket", "shelf", "curtain", "pillow"],
      brands: ["Hygga", "Casanord", "Oakline", "Domus", "Felt&Fir"]),
    Category(
      name: "phones", price: 95, share: 0.08,
      nouns: ["phone", "phone case", "charger", "earbuds", "screen glass", "power bank"],
      brands: ["Zentra", "Oriq", "Voltix", "Pyxis", "Tallo"]),
    Category(
      name: "electronics", price: 58, share: 0.08,
      nouns: ["speaker", "camera", "keyboard", "monitor", "drone", "headphones"],
      brands: ["Auralis", "Kestrel", "Nimbo", "Hexon", "Sonara"]),
    Category(
      name: "shoes", price: 39, share: 0.08,
      nouns: ["sneakers", "boots", "sandals", "loafers", "running shoes", "slippers"],
      brands: ["Strider", "Pallas", "Umbra", "Fleetfox", "Maran"]),
    Category(
      name: "kitchen", price: 19, share: 0.06,
      nouns: ["pan", "knife", "kettle", "blender", "mug", "lunch box"],
      brands: ["Ferro", "Saltbox", "Cuoca", "Brinn", "Kettlewell"]),
    Category(
      name: "bags", price: 48, share: 0.06,
      nouns: ["handbag", "backpack", "wallet", "suitcase", "tote", "belt bag"],
      brands: ["Valcour", "Monteri", "Halden", "Ravello", "Quill"]),
    Category(
      name: "toys", price: 16, share: 0.06,
      nouns: ["puzzle", "doll", "building set", "toy car", "board game", "plush bear"],
      brands: ["Bramble", "Tinkerly", "Otto", "Playmoor", "Zippa"]),
    Category(
      name: "sports", price: 28, share: 0.05,
      nouns: ["yoga mat", "dumbbell", "tent", "bottle", "bike light", "racket"],
      brands: ["Summit7", "Fjellbo", "Corsa", "Arden", "Lapin"]),
    Category(
      name: "jewellery", price: 36, share: 0.04,
      nouns: ["necklace", "ring", "bracelet", "earrings", "watch", "brooch"],
      brands: ["Aurelle", "Tiveden", "Sable&Co", "Orfeo", "Nacre"]),
    Category(
      name: "food", price: 12, share: 0.04,
      nouns: ["tea", "coffee", "honey", "snack box", "noodles", "olive oil"],
      brands: ["Terrano", "Maple Row", "Kiku", "Bontà", "Greenfield"]),
    Category(
      name: "health", price: 21, share: 0.03,
      nouns: ["vitamins", "massager", "knee brace", "thermometer", "protein", "tea"],
      brands: ["Vitalis", "Orthea", "Calmo", "Zinnia", "Hale"]),
    Category(
      name: "pets", price: 17, share: 0.03,
      nouns: ["dog bed", "cat tree", "leash", "feeder", "aquarium filter", "toy mouse"],
      brands: ["Pawlo", "Whisk", "Barkley", "Finnegan", "Tuft"]),
    Category(
      name: "books", price: 11, share: 0.02,
      nouns: ["novel", "notebook", "atlas", "cookbook", "planner", "comic"],
      brands: ["Inkwell", "Foliant", "Margin", "Leda", "Papyra"]),
    Category(
      name: "garden", price: 26, share: 0.02,
      nouns: ["planter", "hose", "seeds", "pruner", "solar light", "bench"],
      brands: ["Verdant", "Rootly", "Solhus", "Gardo", "Thistle"]),
  ]

  static let countries = ["CN", "US", "VN", "ID", "GB", "DE", "TH", "MX", "BR", "TR"]
  static let countryShares = [0.22, 0.19, 0.12, 0.11, 0.09, 0.08, 0.07, 0.05, 0.04, 0.03]

  static let adjectives = [
    "new", "classic", "soft", "light", "large", "mini", "premium", "handmade", "foldable", "waterproof",
    "vintage",
    "everyday", "portable", "slim", "warm", "bright",
  ]
  static let details = [
    "in black", "in sand", "in deep blue", "set of 2", "set of 3", "size S to XXL", "with gift box",
    "second generation",
    "for travel", "for the whole family", "2026 edition", "extra long",
  ]
  static let selling = [
    "ships within 24 hours", "free returns", "limited stock", "best price this week",
    "as seen in the live stream",
    "loved by thousands", "buy two get one free", "new arrival", "family business since 2009",
    "two year guarantee",
  ]
  /// What those write who sell what is not what it says.
  static let evasive = [
    "top quality 1:1", "original factory no box", "same line as the boutique", "message us for the brand",
    "mirror grade", "logo can be added", "private link in bio", "inspired by the famous model",
  ]
  /// What advertising rules of most platforms forbid.
  static let forbidden = [
    "results guaranteed in 3 days", "doctors hate this", "lose 10 kg without effort",
    "double your money back",
    "cures pain overnight", "only today 95 percent off",
  ]
  static let sentences = [
    "Carefully checked before it leaves our house.", "Please see the size table before you order.",
    "The colour may differ a little from the picture.",
    "Our chat answers every day until ten in the evening.",
    "Made of recycled material where we could.", "Packed well, sent with tracking.",
    "A favourite of our customers for years.", "Suitable as a gift.", "Easy to clean, easy to store.",
    "Wholesale orders are welcome.",
  ]

  static let praise = [
    "lovely, just as in the pictures", "arrived quickly and well packed", "good value for the price",
    "my sister wants one too", "works as it should", "better than I had hoped", "will order again",
    "the seller answered at once", "nice material", "fits well",
  ]
  /// What paid reviewers write: short, warm, about nothing in particular.
  static let paidPraise = [
    "very good very nice", "great product five stars", "perfect I recommend this shop",
    "best quality thank you seller",
    "love it so much", "excellent excellent", "good good good",
  ]
  static let lukewarm = [
    "it is all right", "not quite the colour I expected", "took a while to come", "fine for the price",
    "smaller than I thought", "does its job",
  ]
  static let blame = [
    "broke after two days", "this is not what was shown", "came three weeks late", "cheap copy, do not buy",
    "never arrived", "the seller does not answer", "smells bad", "wrong size and no refund",
  ]

  static let shopWords = [
    "Sunny", "Golden", "River", "Urban", "Little", "Happy", "Star", "Maple", "Silk", "North", "Lucky",
    "Prime", "Blue",
    "Cosy", "Royal", "Daily",
  ]
  static let shopEnds = [
    "House", "Store", "Market", "Outlet", "Studio", "Trading", "Boutique", "Corner", "Direct", "Shop",
  ]
  static let bios = [
    "finds for less than twenty", "honest reviews every day", "mother of two, tester of all",
    "live every night at eight",
    "style for real life", "unboxing since 2020", "tips from a small kitchen", "gear that lasts",
    "links below",
    "collaborations by mail",
  ]

  // The same as bytes, for writing millions of them.
  static let adjectiveBytes = bytes(adjectives)
  static let detailBytes = bytes(details)
  static let sellingBytes = bytes(selling)
  static let evasiveBytes = bytes(evasive)
  static let forbiddenBytes = bytes(forbidden)
  static let sentenceBytes = bytes(sentences)
  static let praiseBytes = bytes(praise)
  static let paidPraiseBytes = bytes(paidPraise)
  static let lukewarmBytes = bytes(lukewarm)
  static let blameBytes = bytes(blame)
  static let shopWordBytes = bytes(shopWords)
  static let shopEndBytes = bytes(shopEnds)
  static let bioBytes = bytes(bios)
  static let nounBytes = categories.map { bytes($0.nouns) }
  static let brandBytes = categories.map { bytes($0.brands) }

  /// All brands of all categories, as the levels of the brand column; the first is none.
  static let brandLevels = ["none"] + categories.flatMap(\.brands)

  private static func bytes(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }
}
