import Events
import Foundation
import Testing

/// The Python interpreter that has the package `sbe`: `$RECOUNT_PYTHON`, or `python3`.
private let python = ProcessInfo.processInfo.environment["RECOUNT_PYTHON"] ?? "python3"

private let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// Exit code and output of a command.
private func run(_ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

private let hasOtherDecoder: Bool = {
    let found = (try? run([python, "-c", "import sbe"]))?.code == 0
    if !found { print("skipped: no Python with the package sbe; set RECOUNT_PYTHON to one") }
    return found
}()

/// Runs the check over records of every kind; `edit` may change the objects.
private func check(_ edit: (String) -> String = { $0 }) throws -> (code: Int32, output: String) {
    var random = SeededGenerator(state: 20_261_121)
    var text = ""
    var position = 0
    for description in EventSchema.messages {
        for _ in 0..<8 {
            position += 1
            let bytes = RandomMessage(description: description).bytes(using: &random)
            let object = edit(try json(bytes))
            text += "{\"position\":\(position),\"message\":\"\(bytes.hex)\",\"event\":\(object)}\n"
        }
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "records.jsonl")
    try Data(text.utf8).write(to: file)
    let script = package.appending(path: "Tools/SchemaCompiler/check-with-sbe.py")
    return try run([
        python, script.path(percentEncoded: false), "--records", file.path(percentEncoded: false),
    ])
}

@Test(
    "Python's sbe reads the same values from every kind of message", .enabled(if: hasOtherDecoder))
func otherDecoder() throws {
    let (code, output) = try check()
    #expect(code == 0, "\(output)")
    #expect(output.contains("\(EventSchema.messages.count * 8) events of"))
}

@Test("a value that differs from Python's is named", .enabled(if: hasOtherDecoder))
func otherDecoderDiffers() throws {
    let (code, output) = try check { object in
        object.replacing("\"reserved\":0", with: "\"reserved\":1")
    }
    #expect(code == 1)
    #expect(output.contains("envelope.reserved"), "\(output)")
}
