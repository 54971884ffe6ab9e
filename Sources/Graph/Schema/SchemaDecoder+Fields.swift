import Compute

// Reading single values, each with the complaint that it deserves.
extension SchemaDecoder {
  mutating func report(_ place: TextPlace, _ path: String, _ what: String) {
    problems.append(.init(place: place, path: path, what: what))
  }

  mutating func object(_ value: PositionedJSON, path: String, knows names: [String]) -> SchemaFields? {
    guard case .object(let members) = value.value else {
      report(value.place, path, "it should be an object, but is \(value.kindName).")
      return nil
    }
    var seen: Set<String> = []
    for member in members {
      let path = path.isEmpty ? member.name : "\(path).\(member.name)"
      if !names.contains(member.name) {
        report(
          member.place, path,
          "there is no field \"\(member.name)\" here." + suggestion(for: member.name, among: names))
      } else if !seen.insert(member.name).inserted {
        report(member.place, path, "it stands twice.")
      }
    }
    return SchemaFields(path: path, place: value.place, members: members)
  }

  /// The members of an object whose names are the user's own.
  mutating func named(
    _ value: PositionedJSON, path: String, knows names: [String], namesAreColumns: Bool = false
  ) -> [(SchemaFields, String)] {
    guard case .object(let members) = value.value else {
      report(value.place, path, "it should be an object of names, but is \(value.kindName).")
      return []
    }
    var result: [(SchemaFields, String)] = []
    for member in members {
      let path = "\(path).\(member.name)"
      if namesAreColumns {
        check(columnName: member.name, member.place, path)
      } else {
        check(fileName: member.name, member.place, path)
      }
      if result.contains(where: { $0.1 == member.name }) {
        report(member.place, path, "it stands twice.")
        continue
      }
      if let fields = object(member.value, path: path, knows: names) { result.append((fields, member.name)) }
    }
    return result
  }

  mutating func text(_ field: String, of fields: inout SchemaFields) -> String? {
    guard let value = fields.take(field) else { return nil }
    guard case .string(let text) = value.value else {
      fields.hadWrongKind = true
      report(value.place, fields.path(to: field), "it should be a text, but is \(value.kindName).")
      return nil
    }
    return text
  }

  mutating func truth(_ field: String, of fields: inout SchemaFields) -> Bool? {
    guard let value = fields.take(field) else { return nil }
    guard case .bool(let truth) = value.value else {
      report(value.place, fields.path(to: field), "it should be true or false, but is \(value.kindName).")
      return nil
    }
    return truth
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ field: String, of fields: inout SchemaFields, _ type: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    let place = fields.place(of: field)
    guard let text = text(field, of: &fields) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let names = type.allCases.map(\.rawValue)
    report(
      place, fields.path(to: field),
      "\"\(text)\" is none of \(names.joined(separator: ", "))."
        + (nearestName(to: text, among: names).map { " Did you mean \"\($0)\"?" } ?? ""))
    return nil
  }

  mutating func tableName(_ field: String, of fields: inout SchemaFields) -> String? {
    let place = fields.place(of: field)
    guard let name = text(field, of: &fields) else { return nil }
    check(fileName: name, place, fields.path(to: field))
    return name
  }

  mutating func columnName(_ field: String, of fields: inout SchemaFields) -> String? {
    let place = fields.place(of: field)
    guard let name = text(field, of: &fields) else { return nil }
    check(columnName: name, place, fields.path(to: field))
    return name
  }

  /// Names of types and tables become names of files.
  mutating func check(fileName name: String, _ place: TextPlace, _ path: String) {
    let isSafe =
      !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix("-")
      && name.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0 || "_-".unicodeScalars.contains($0))
      }
    if !isSafe {
      report(
        place, path,
        "a name is made of the letters a to z, digits, _ and -, at most 100 of them, and does not begin with -."
      )
    }
  }

  mutating func check(columnName name: String, _ place: TextPlace, _ path: String) {
    if name.isEmpty || name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
      report(place, path, "a column's name is not empty and holds no control characters.")
    }
  }
}

/// The members of one object, taken one by one.
struct SchemaFields {
  let path: String
  let place: TextPlace
  private let members: [PositionedJSON.Member]
  var hadWrongKind = false

  init(path: String, place: TextPlace, members: [PositionedJSON.Member]) {
    self.path = path
    self.place = place
    self.members = members
  }

  func path(to field: String) -> String { path.isEmpty ? field : "\(path).\(field)" }

  func take(_ field: String) -> PositionedJSON? { members.first { $0.name == field }?.value }

  /// The field's value, or the object where the field is missing.
  func place(of field: String) -> TextPlace { take(field)?.place ?? place }
}
