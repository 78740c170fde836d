// `recount-fuzz TARGET [libFuzzer's options and folders]`: built with the sanitizers by
// `Tools/fuzz`.
import FuzzTargets
import Glibc

/// libFuzzer's entry for programs that have their own `main`.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ read: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// The target that libFuzzer's callback, which carries no context, reads with.
nonisolated(unsafe) var chosen = FuzzTarget.all[0]

func fail(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = write(2, line, line.count)
}

guard CommandLine.argc > 1, let target = FuzzTarget.named(CommandLine.arguments[1]) else {
    fail(
        "usage: recount-fuzz TARGET [OPTIONS] [FOLDERS]; targets: "
            + FuzzTarget.all.map(\.name).joined(separator: " "))
    exit(64)
}
chosen = target
// libFuzzer takes its options from the second argument on: the target's name goes.
var count = CommandLine.argc - 1
var arguments = CommandLine.unsafeArgv + 1
exit(
    runDriver(&count, &arguments) { bytes, size in
        do {
            try chosen.read(Array(UnsafeBufferPointer(start: bytes, count: size)))
        } catch {
            fail("FINDING: \(error)")
            abort()
        }
        return 0
    })
