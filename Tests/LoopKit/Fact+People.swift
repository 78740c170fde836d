public import Events
import TestWorlds

/// Acts of people and models of other tools.
extension Fact {
    /// A model of another tool, known at noon of a session; its side probabilities are confidences
    /// as they are.
    public static func model(_ name: String, on session: Int = 0, trainedOn trained: Int = 0)
        -> Fact
    {
        message(.session(session, days: 0, hour: 12, minute: 0), rank: 2) { place in
            ModelImported(
                envelope: place.envelope, source: artefact(name),
                trainedThrough: place.sessions[trained], featureSchema: 0, modelName: name,
                quantileMap: [
                    ModelImported.QuantileMapEntry(probability: 0.5, confidence: 0.5),
                    ModelImported.QuantileMapEntry(probability: 1, confidence: 1),
                ])
        }
    }

    /// What the model says of a ticker in a session: the probabilities of a win and a loss.
    public static func prediction(
        _ ticker: Ticker, on session: Int, win: Float, loss: Float, by name: String = "theirs"
    ) -> Fact {
        message(.session(session, days: 0, hour: 21, minute: 30), rank: 3) { place in
            guard let model = place.models[name] else {
                preconditionFailure("a prediction comes after its model \(name)")
            }
            return PredictionsImported(
                envelope: place.envelope, source: artefact(name), model: .timeline(model),
                decidedAt: Instant(place.sessions[session] + 1, hour: 5, minute: 30), part: 0,
                predictions: [
                    PredictionsImported.Prediction(
                        ticker: ticker, win: win, loss: loss, breakeven: 1 - win - loss)
                ])
        }
    }

    /// A person makes a model the champion, at 22:00 of a session.
    public static func promotion(of name: String, on session: Int = 0) -> Fact {
        message(.session(session, days: 0, hour: 22, minute: 0), rank: 4) { place in
            SmallWorld.promotion(artefact(name), at: place.knownAt)
        }
    }

    /// A model `theirs` that is the champion from the first session's evening on.
    public static var champion: Fact { all([model("theirs"), promotion(of: "theirs")]) }

    /// A person takes the champion back, at 22:00 of a session.
    public static func rollback(on session: Int) -> Fact {
        message(.session(session, days: 0, hour: 22, minute: 0), rank: 4) { place in
            SmallWorld.rollback(at: place.knownAt)
        }
    }

    /// A person asks for a training.
    public static func request(_ job: JobKind, at instant: Instant) -> Fact {
        message(.instant(instant), rank: 4) { SmallWorld.request(job, at: $0.knownAt) }
    }

    /// A trade made elsewhere, of ten shares bought at 100, is told of.
    public static func trade(
        _ ticker: String, _ direction: Direction = .long, gain: Double, entered: Instant?,
        exited: Instant?, recorded: Instant
    ) -> Fact {
        message(.instant(recorded), rank: 4) { _ in
            SmallWorld.trade(
                ticker, direction, gain: gain, entered: entered, exited: exited,
                recorded: recorded)
        }
    }

    /// The artefact under which a model of another tool is known.
    public static func artefact(_ name: String) -> Digest {
        Digest(w0: name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }, w1: 2, w2: 0, w3: 0)
    }
}
