import Compute

// The truth: every ring, every node's part in one, and the innocent that look as if.

extension World {
  func ringID(_ ring: Int) -> String {
    KeyMaker.text(letter: 82, code: ringKeys[ring])
  }

  func addTruth(
    _ kind: NodeKind, _ rank: Int, _ typology: Int, _ ring: Int?, _ role: String, _ isRisky: Bool,
    _ start: Int64,
    _ end: Int64, _ rows: inout Rows
  ) {
    rows.add(code: kind.rawValue)
    let name = KeyMaker.text(letter: kind.letter, code: key(kind, rank))
    rows.addText { $0.append(contentsOf: name.utf8) }
    rows.add(code: typology)
    if let ring {
      let id = ringID(ring)
      rows.addText { $0.append(contentsOf: id.utf8) }
    } else {
      rows.addMissing()
    }
    rows.add(code: World.roles.firstIndex(of: role)!)
    rows.add(flag: isRisky)
    rows.add(time: start)
    rows.add(time: min(end, Calendar.end))
  }

  private static let roles = Member.Role.allCases.map { "\($0)" } + ["good", "look_alike"]

  private func lookAlike(_ name: String) -> Int {
    Typology.all.count + Typology.lookAlikes.firstIndex(of: name)!
  }

  func merchantTruth(_ merchant: Merchant, _ rows: inout Rows) {
    if let member = merchant.member, let ring = merchant.ring {
      addTruth(
        .merchant, merchant.rank, ring.typology, Int(member.ring), "\(member.role)", member.role.isRisky,
        member.start,
        max(member.start + 1, min(member.end, merchant.closed)), &rows)
      return
    }
    switch merchant.lookAlike {
    case .flashSale(let start):
      addTruth(
        .merchant, merchant.rank, lookAlike("flash_sale"), nil, "look_alike", false, start,
        start + 3 * Calendar.day, &rows)
    case .badBatch(let start):
      addTruth(
        .merchant, merchant.rank, lookAlike("bad_batch"), nil, "look_alike", false, start,
        start + 40 * Calendar.day, &rows)
    case nil:
      if merchant.agency != nil {
        addTruth(
          .merchant, merchant.rank, lookAlike("service_agency"), nil, "look_alike", false, merchant.opened,
          Calendar.end,
          &rows)
      }
    }
  }

  func creatorTruth(_ creator: Creator, _ rows: inout Rows) {
    if let member = creator.member, let ring = creator.ring {
      addTruth(
        .creator, creator.rank, ring.typology, Int(member.ring), "\(member.role)", member.role.isRisky,
        member.start,
        member.end, &rows)
    } else if let leap = creator.leap {
      addTruth(
        .creator, creator.rank, lookAlike("celebrity"), nil, "look_alike", false, leap,
        leap + 7 * Calendar.day, &rows)
    } else if creator.agency != nil {
      addTruth(
        .creator, creator.rank, lookAlike("creator_agency"), nil, "look_alike", false, creator.joined,
        Calendar.end, &rows)
    }
  }

  func buyerTruth(_ rank: Int, _ rows: inout Rows) {
    guard let member = plan.member(ofBuyer: rank) else { return }
    addTruth(
      .buyer, rank, ring(of: member).typology, Int(member.ring), "\(member.role)", member.role.isRisky,
      member.start,
      member.end, &rows)
  }

  func ringRow(_ place: Int, _ rows: inout Rows) {
    let ring = plan.rings[place]
    let id = ringID(place)
    rows.addText { $0.append(contentsOf: id.utf8) }
    rows.add(code: ring.typology)
    rows.add(flag: ring.kind.isFraud)
    rows.add(number: rounded(ring.skill, 100))
    rows.add(code: ring.country)
    rows.add(number: Double(ring.merchants.count))
    rows.add(number: Double(ring.creators.count))
    rows.add(number: Double(ring.buyers.count))
    rows.add(time: ring.start)
    rows.add(time: ring.end)
  }
}
