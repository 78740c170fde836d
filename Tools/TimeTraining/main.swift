// Trains on request and says how long it took: the Swift half of Tools/time-training.py, which
// starts it and speaks to it line by line. Not part of the product.
//
// Usage: time-training ROWS ARTEFACT THREADS
// ROWS: a line `TRAINING STOPPING COLUMNS`, then little-endian Float32: classes, weights and
// features of all rows, those to stop early on last. The first line of the output is the parameters
// as JSON; each line of the input is answered by `SECONDS ROUNDS`; the model is left in ARTEFACT.
// The line `cached` asks for a training with a store, ARTEFACT.store, that has made it before.

import Events
import Foundation
import Learning
import XGBoost

/// Ends with a message.
func fail(_ text: String) -> Never {
    FileHandle.standardError.write(Data("time-training: \(text)\n".utf8))
    exit(64)
}

/// The rows of a file.
func matrices(_ path: String) -> (training: TrainingMatrix, stopping: TrainingMatrix) {
    guard let data = FileManager.default.contents(atPath: path),
        let end = data.firstIndex(of: UInt8(ascii: "\n"))
    else { fail("\(path): no such file, or no first line") }
    let sizes = String(decoding: data[..<end], as: UTF8.self).split(separator: " ")
        .compactMap { Int($0) }
    guard sizes.count == 3, sizes.allSatisfy({ (0...1_000_000).contains($0) }) else {
        fail("\(path): the first line is not three sizes")
    }
    let (rows, columns) = (sizes[0] + sizes[1], sizes[2])
    let body = [UInt8](data[(end + 1)...])
    guard body.count == 4 * rows * (columns + 2) else {
        fail("\(path): \(body.count) bytes of numbers, not \(4 * rows * (columns + 2))")
    }
    let values = body.withUnsafeBytes { bytes in
        (0..<body.count / 4).map {
            Float(
                bitPattern: UInt32(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
        }
    }
    var made = [TrainingMatrix(columns: columns), TrainingMatrix(columns: columns)]
    for row in 0..<rows {
        let first = 2 * rows + row * columns
        guard let outcome = UInt8(exactly: values[row]).map(OutcomeClass.init(wire:)) else {
            fail("\(path): row \(row): class \(values[row])")
        }
        made[row < sizes[0] ? 0 : 1].append(
            Array(values[first..<first + columns]), outcome, weight: values[rows + row])
    }
    return (made[0], made[1])
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let threads = Int(arguments[3]) else {
    fail("usage: time-training ROWS ARTEFACT THREADS")
}
let (training, stopping) = matrices(arguments[1])
let trainer = XGBoostTrainer(threads: threads)
let parameters = TrainingParameters()
print("{\"library\":\"\(trainer.library)\",\"parameters\":\(parameters.canonicalJSON)}")
fflush(nil)
let cached = CachedTrainer(trainer, store: ModelStore("\(arguments[2]).store"))
while let line = readLine() {
    let chosen: any Trainer = line == "cached" ? cached : trainer
    do {
        var rounds = 0
        var model: TrainedModel?
        let time = try ContinuousClock().measure {
            model = try chosen.train(training, earlyStopping: stopping, parameters) { round in
                rounds = round
                return true
            }
        }
        try Data(model?.artefact ?? []).write(to: URL(fileURLWithPath: arguments[2]))
        print("\(time / .seconds(1)) \(rounds)")
        fflush(nil)
    } catch {
        fail("\(error)")
    }
}
