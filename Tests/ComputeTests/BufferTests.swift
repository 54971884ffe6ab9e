import Foundation
import Testing

@testable import Compute

@Suite("Buffers and matrices")
struct BufferTests {
  @Test("a buffer holds what it was given, at a multiple of 64 bytes")
  func holds() {
    let buffer = Buffer<UInt32>((0..<1000).map { UInt32($0 * $0) })
    #expect(buffer.count == 1000)
    #expect(buffer[31] == 961)
    #expect(Array(buffer.view(10..<13)) == [100, 121, 144])
    buffer.withUnsafeBufferPointer { #expect(Int(bitPattern: $0.baseAddress) % 64 == 0) }
    #expect(Buffer<Float>([]).isEmpty)
  }

  @Test("a mapped file is read where it lies, and a directory, a FIFO or nothing is refused by name")
  func mapped() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "buffer-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "numbers").path
    try Data([1, 0, 0, 0, 2, 0, 0, 0]).write(to: URL(filePath: file))
    let memory = try Memory.mapping(file: file)
    #expect(Buffer<UInt32>(memory: memory, count: 2) == [1, 2])
    #expect(Buffer<UInt32>(memory: memory, byteOffset: 4, count: 1) == [2])
    let fifo = folder.appending(path: "fifo").path
    try #require(mkfifo(fifo, 0o600) == 0)
    let writer = open(fifo, O_RDWR)
    defer { close(writer) }
    for path in [folder.path, fifo, folder.path + "/absent"] {
      #expect { try Memory.mapping(file: path) } throws: { "\($0)".contains(path) }
    }
  }

  @Test("a matrix is a value: writing to a copy leaves the first as it was")
  func value() {
    let first = Matrix([[1, 2], [3, 4]], columnNames: ["a", "b"])
    var second = first
    second[1, 0] = 30
    #expect(first[1, 0] == 3)
    #expect(second.row(1) == [30, 4])
    #expect(first.column(named: "b") == [2, 4])
    #expect(Matrix(rows: 2, columns: 3).row(1) == [0, 0, 0])
  }
}
