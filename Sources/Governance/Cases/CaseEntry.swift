import Graph

/// What a reviewer may decide of a case.
public enum CaseAction: String, Sendable, CaseIterable, Codable {
  case allow, warn, limit, delist, suspend
  case notEnoughEvidence = "not-enough-evidence"

  /// What it says of the members: risky, cleared, or nothing.
  public var verdict: Bool? {
    switch self {
    case .allow: false
    case .warn, .limit, .delist, .suspend: true
    case .notEnoughEvidence: nil
    }
  }

  /// Whether a second person must agree before it holds.
  public var needsSecond: Bool { self == .suspend }
}

public enum CaseState: String, Sendable, CaseIterable, Codable {
  /// Nobody has it; `claimed`: somebody has; `waiting`: decided, but a second person must agree.
  case open, claimed, waiting, decided, appealed, overturned
}

/// One line in the book of a case. Lines are only ever added; `undo` is a line of its own.
public struct CaseEntry: Sendable, Equatable {
  public enum What: String, Sendable, CaseIterable {
    case opened, claimed, released, decided
    /// A second person agrees, or does not.
    case confirmed, objected
    /// Another reviewer's own answer, which changes nothing: to see where reviewers differ.
    case opinion
    case appealed, upheld, overturned
    case snoozed, undone
  }

  /// Also the number of the decision: `decision:D981` is entry 981.
  public var number: Int
  public var caseNumber: Int
  public var at: Timestamp
  public var what: What
  public var who: String
  public var action: CaseAction?
  public var why: String
  /// The evidence that was there to be seen.
  public var evidence: Int?
  public var until: Timestamp?
  public var undoes: Int?
  /// The places of members that a decision spares: it clears them.
  public var spared: [Int] = []

  /// What the audit trail keeps a hash of.
  var digest: [String] {
    let numbers = [evidence, until.map { Int($0.seconds) }, undoes].map { $0.map { "\($0)" } ?? "" }
    var parts = [
      "\(number)", "\(caseNumber)", "\(at.seconds)", what.rawValue, who, action?.rawValue ?? "", why,
    ]
    parts += numbers
    // Entries without it hash as they did before members could be spared.
    if !spared.isEmpty { parts.append(spared.map { "\($0)" }.joined(separator: " ")) }
    return parts
  }
}

/// Where a case stands, from its entries alone.
public struct CaseStanding: Sendable, Equatable {
  public var state = CaseState.open
  public var holder: String?
  public var snoozedUntil: Timestamp?
  /// The decision that holds, or that waits for a second person.
  public var decision: CaseEntry?
  /// Since when it holds: its own time, that of the second person, or that of the overturning.
  public var since: Timestamp?
  /// Of an overturned case the entry that did it.
  public var overturning: CaseEntry?

  /// Reads the book of one case from its first line; what was undone is passed over.
  public init(_ entries: some Sequence<CaseEntry>) {
    let all = Array(entries)
    var undone: Set<Int> = []
    // An undo may itself be undone: the last word counts.
    for entry in all.reversed() where entry.what == .undone && !undone.contains(entry.number) {
      if let other = entry.undoes { undone.insert(other) }
    }
    for entry in all where entry.what != .undone && !undone.contains(entry.number) { take(entry) }
  }

  private mutating func take(_ entry: CaseEntry) {
    switch entry.what {
    case .opened: (state, holder) = (.open, nil)
    case .claimed:
      holder = entry.who
      if state == .open { state = .claimed }
    case .released:
      holder = nil
      if state == .claimed { state = .open }
    case .decided:
      decision = entry
      holder = nil
      overturning = nil
      let waits = entry.action?.needsSecond == true
      state = waits ? .waiting : .decided
      since = waits ? nil : entry.at
    case .confirmed:
      state = .decided
      holder = nil
      since = entry.at
    case .objected:
      (state, holder, decision, since) = (.open, nil, nil, nil)
    case .appealed: (state, holder) = (.appealed, nil)
    case .upheld: (state, holder) = (.decided, nil)
    case .overturned:
      (state, holder) = (.overturned, nil)
      since = entry.at
      overturning = entry
    case .snoozed:
      snoozedUntil = entry.until
      holder = nil
      if state == .claimed { state = .open }
    case .opinion, .undone: break
    }
  }

  /// What is known of a member, by its place in the case, as `verdict`: who was spared is cleared.
  public func verdict(on place: Int) -> (isRisky: Bool, since: Timestamp)? {
    verdict.map { ($0.isRisky && decision?.spared.contains(place) != true, $0.since) }
  }

  /// What is known of the members who were not spared: risky or cleared, and since when. Nothing while a decision waits or said nothing. An
  /// appeal changes nothing until it is answered.
  public var verdict: (isRisky: Bool, since: Timestamp)? {
    switch state {
    case .open, .claimed, .waiting: return nil
    case .overturned: return since.map { (false, $0) }
    case .decided, .appealed:
      guard let isRisky = decision?.action?.verdict, let since else { return nil }
      return (isRisky, since)
    }
  }
}
