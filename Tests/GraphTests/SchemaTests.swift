import Compute
import Testing

@testable import Graph

private let shop = """
  {
    "name": "shop",
    "nodes": {
      "merchant": {
        "table": "merchants", "key": "merchant_id", "happened": "created_at",
        "columns": {"age": "number", "category": {"kind": "category", "says": "what it \\"mostly\\" sells"},
                    "created_at": "time"},
        "labels": {"risky": {"known": "label_known_at"}}
      },
      "buyer": {},
      "review": {
        "happened": "written", "known": "seen",
        "links": {"buyer": {"to": "buyer", "column": "buyer_id"}, "about": {"to": "merchant"}}
      }
    },
    "relations": {
      "trusts": {"from": "buyer", "to": "buyer", "fromColumn": "a", "toColumn": "b", "directed": false,
                 "columns": {"units": "number"}, "weight": "units", "duplicates": "sum", "selfLoops": "drop"},
      "buys-from": {"from": "buyer", "to": "merchant", "table": "orders", "happened": "at"}
    }
  }
  """

@Suite("Reading a schema") struct SchemaTests {
  @Test("everything that was said is there, in its order") func reads() throws {
    let schema = try Schema(json: shop)
    #expect(schema.name == "shop")
    #expect(schema.nodeTypes.map(\.name) == ["merchant", "buyer", "review"])
    let merchant = try #require(schema.nodeType("merchant"))
    #expect(merchant.table == "merchants" && merchant.key == "merchant_id")
    #expect(merchant.columns.map(\.name) == ["age", "category", "created_at"])
    #expect(merchant.columns[1] == ColumnType("category", .category, says: "what it \"mostly\" sells"))
    #expect(merchant.clocks == Clocks(happened: "created_at"))
    #expect(merchant.labels == [LabelType(column: "risky", known: "label_known_at")])
    #expect(schema.nodeType("buyer") == NodeType(name: "buyer"))
    let trusts = try #require(schema.relation("trusts"))
    #expect(!trusts.isDirected && trusts.duplicates == .sum && trusts.selfLoops == .drop)
    #expect(trusts.weight == "units" && trusts.fromColumn == "a" && trusts.toColumn == "b")
    let buys = try #require(schema.relation("buys-from"))
    #expect(buys.table == "orders" && buys.fromColumn == "buyer" && buys.toColumn == "merchant")
  }

  @Test("a node table's links become relations that read it, with its clocks") func links() throws {
    let schema = try Schema(json: shop)
    #expect(schema.relations.map(\.name) == ["review.buyer", "review.about", "trusts", "buys-from"])
    #expect(
      schema.relation("review.buyer")
        == RelationType(
          name: "review.buyer", table: "review", from: "review", to: "buyer", fromColumn: "id",
          toColumn: "buyer_id", clocks: Clocks(happened: "written", known: "seen")))
    #expect(schema.relation("review.about")?.toColumn == "about")
  }

  @Test("what is written is read back the same") func roundTrip() throws {
    let schema = try Schema(json: shop)
    #expect(try Schema(json: schema.json) == schema)
    #expect(try schema.validated() == schema)
    #expect(try Schema(json: schema.json).json == schema.json)
  }

  @Test("columns that only a clock or a label names are columns of the table") func tableColumns() throws {
    let schema = try Schema(json: shop)
    #expect(
      schema.nodeType("merchant")!.tableColumns.map(\.name)
        == ["age", "category", "created_at", "risky", "label_known_at"])
    #expect(schema.relation("buys-from")!.tableColumns == [ColumnType("at", .time)])
  }

  private func problems(_ json: String) -> [String] {
    do throws(SchemaError) {
      _ = try Schema(json: json)
      return []
    } catch { return error.problems.map(\.description) }
  }

  /// A schema with one merchant type, products, and these further fields of a relation.
  private func relation(_ fields: String) -> String {
    "{\"nodes\": {\"merchant\": {}, \"product\": {}}, \"relations\": {\"sells\": {\(fields)}}}"
  }

  @Test("a mistake is shown with its line, its path and the nearest name") func places() {
    let json = """
      {
        "nodes": {
          "merchant": {"colums": {}},
          "product": {"columns": {"price": "numbr"}}
        },
        "relations": {
          "sells": {"from": "merchnat",
                    "to": "product"}
        }
      }
      """
    #expect(
      problems(json) == [
        "3:18: nodes.merchant.colums: there is no field \"colums\" here. Did you mean \"columns\"?",
        "4:38: nodes.product.columns.price: there is no kind of column \"numbr\". Did you mean \"number\"?",
        "7:23: relations.sells.from: there is no type of node \"merchnat\". Did you mean \"merchant\"?",
      ])
  }

  @Test(
    "what makes no sense is refused in words",
    arguments: [
      (#"{}"#, "\"nodes\" is missing"),
      (#"{"nodes": {}}"#, "at least one"),
      (#"[]"#, "should be an object, but is a list"),
      (#"{"nodes": 3}"#, "nodes: it should be an object of names, but is a number"),
      (#"{"name": 3, "nodes": {"a": {}}}"#, "name: it should be a text, but is a number"),
      (#"{"name": "", "nodes": {"a": {}}}"#, "name: it is empty"),
      (#"{"nodes": {"a": {}, "a": {}}}"#, "nodes.a: it stands twice"),
      (#"{"nodes": {"a": {}}, "nodes": {"b": {}}}"#, "nodes: it stands twice"),
      (#"{"nodes": {"a": {"columns": {"x": "number", "x": "text"}}}}"#, "nodes.a.columns.x: it stands twice"),
      (#"{"nodes": {"../etc": {}}}"#, "letters a to z"),
      (#"{"nodes": {"a.b": {}}}"#, "letters a to z"),
      (#"{"nodes": {"": {}}}"#, "letters a to z"),
      (#"{"nodes": {"é": {}}}"#, "letters a to z"),
      (#"{"nodes": {"a": {"table": "x/y"}}}"#, "nodes.a.table: a name is made of"),
      (#"{"nodes": {"a": {"key": ""}}}"#, "nodes.a.key: a column's name is not empty"),
      (#"{"nodes": {"a": {"columns": {"id": "text"}}}}"#, "is the key"),
      (#"{"nodes": {"a": {"columns": {"x": 3}}}}"#, "its kind should be a text"),
      (#"{"nodes": {"a": {"columns": {"x": {"says": "y"}}}}}"#, "\"kind\" is missing"),
      (#"{"nodes": {"a": {"columns": {"t": "number"}, "happened": "t"}}}"#, "a clock is a time"),
      (
        #"{"nodes": {"a": {"columns": {"created": "time"}, "known": "craeted"}}}"#, "Did you mean \"created\""
      ),
      (
        #"{"nodes": {"a": {"columns": {"t": "time"}, "labels": {"t": {}}}}}"#,
        "a label is a number, flag or category"
      ),
      (
        #"{"nodes": {"a": {"columns": {"risky": "flag"}, "labels": {"riskyy": {}}}}}"#,
        "Did you mean \"risky\""
      ),
      (
        #"{"nodes": {"a": {"links": {"b": {"to": "c"}}}}}"#,
        "nodes.a.links.b.to: there is no type of node \"c\". Known: a."
      ),
    ])
  func refusals(json: String, says: String) {
    let found = problems(json).joined(separator: "\n")
    #expect(found.contains(says), "\(found)")
  }

  @Test(
    "what makes no sense in a relation is refused in words",
    arguments: [
      (#""to": "product""#, "relations.sells: \"from\" is missing"),
      (#""from": "merchant", "to": 7"#, "relations.sells.to: it should be a text"),
      (#""from": "merchant", "to": "product", "directed": "yes""#, "true or false"),
      (#""from": "merchant", "to": "product", "directed": false"#, "nodes of one type"),
      (#""from": "merchant", "to": "merchant""#, "say \"fromColumn\" and \"toColumn\""),
      (#""from": "merchant", "to": "product", "duplicates": "summ""#, "Did you mean \"sum\""),
      (#""from": "merchant", "to": "product", "duplicates": "sum", "happened": "t""#, "without clocks"),
      (
        #""from": "merchant", "to": "product", "columns": {"w": "text"}, "weight": "w""#,
        "a weight is a number"
      ),
      (
        #""from": "merchant", "to": "product", "columns": {"units": "number"}, "weight": "unit""#, "\"units\""
      ),
    ])
  func relationRefusals(fields: String, says: String) {
    let found = problems(relation(fields)).joined(separator: "\n")
    #expect(found.contains(says), "\(found)")
  }

  @Test(
    "broken JSON is shown where it breaks",
    arguments: [
      ("{\"nodes\":\n  {,}}", "2:4: a name in double quotes is missing."),
      ("{\"nodes\" {}}", "1:10: a colon is missing after \"nodes\"."),
      ("{'nodes': {}}", "1:2: a name in double quotes is missing."),
      ("", "1:1: the JSON ends too early."),
      ("{} {}", "1:4: something stands behind the end of the JSON."),
      ("{\"a\": \"b\n\"}", "1:9: a text does not end on its line."),
      ("{\"a\": 01}", "1:7: \"01\" is no number."),
      ("{\"a\": \"\\ud800\"}", "half of a surrogate pair"),
      ("{\"a\": \"\\x\"}", "\\x is no escape"),
      (String(repeating: "[", count: 100_000), "64 levels"),
    ])
  func brokenJSON(json: String, says: String) {
    #expect(problems(json).first?.contains(says) == true, "\(problems(json))")
  }

  @Test("escapes and letters of all scripts are read") func escapes() throws {
    let schema = try Schema(
      json: #"{"name": "a\u00e9\ud83d\ude00\n\/ß", "nodes": {"a": {"columns": {"größe \"x\"": "number"}}}}"#)
    #expect(schema.name == "aé😀\n/ß")
    #expect(schema.nodeTypes[0].columns[0].name == "größe \"x\"")
    #expect(try Schema(json: schema.json) == schema)
  }

  @Test("damaged schemas are read or refused, never trapped on") func fuzz() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).generator(for: "schema fuzz")
    let whole = Array(shop.unicodeScalars)
    let pieces = Array("{}[]\":,\\u0 truefalsnm-.1é\u{0}".unicodeScalars)
    var (read, refused) = (0, 0)
    for _ in 0..<1500 {
      var text = whole
      for _ in 0...Int.random(in: 0...2, using: &numbers) {
        let place = Int.random(in: 0..<text.count, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: text[place] = pieces.randomElement(using: &numbers)!
        case 1: text.remove(at: place)
        case 2: text.insert(pieces.randomElement(using: &numbers)!, at: place)
        default:
          let other = Int.random(in: 0..<text.count, using: &numbers)
          text.swapAt(place, other)
        }
      }
      var json = String.UnicodeScalarView()
      json.append(contentsOf: text)
      do throws(SchemaError) {
        let schema = try Schema(json: String(json))
        read += 1
        #expect(try Schema(json: schema.json) == schema, "seed \(seed)")
      } catch {
        refused += 1
        let lines = 1 + shop.filter { $0 == "\n" }.count + 3
        #expect(
          !error.problems.isEmpty && error.problems.allSatisfy { (1...lines).contains($0.place.line) },
          "seed \(seed)")
      }
    }
    #expect(read > 20 && refused > 200, "seed \(seed): \(read) read, \(refused) refused")
  }
}
