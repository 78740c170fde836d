extension Generator {
    /// The protocol of what folds events, and the dispatch from bytes to its methods.
    func foldsFile() -> String {
        protocolText() + "\n" + defaults() + "\n" + dispatch() + "\n" + acceptors()
    }

    private func protocolText() -> String {
        var text = """
            /// What is made by folding events: one method a message, each of which does nothing unless
            /// the type writes it.
            public protocol EventFold {
                /// What an event is folded in view of.
                associatedtype Context

                /// Templates of the events that it folds; events of others leave it as it is.
                static var consumedEvents: [UInt16] { get }

            """
        for message in schema.messages {
            text += """
                    /// Folds in `\(message.name)`, the event at `position`.
                    mutating func apply(
                        _ event: \(message.name), at position: UInt64, _ context: borrowing Context)

                """
        }
        return text + "}\n"
    }

    private func defaults() -> String {
        var text = "extension EventFold {\n"
        for message in schema.messages {
            text += """
                    /// Nothing.
                    @inlinable
                    public mutating func apply(
                        _ event: \(message.name), at position: UInt64, _ context: borrowing Context
                    ) {}

                """
        }
        return text + "}\n"
    }

    /// Folding a message from its bytes.
    private func dispatch() -> String {
        var text = """
            extension EventFold {
                /// Folds in the event of a message's bytes; one of a template that this version does not
                /// know is left out.
                @inlinable
                public mutating func apply(
                    message: RawSpan, templateID: UInt16, at position: UInt64,
                    _ context: borrowing Context
                ) throws(DecodingError) {
                    switch templateID {

            """
        for message in schema.messages {
            text += """
                        case \(message.name).templateID:
                            apply(try \(message.name)(message: message), at: position, context)

                """
        }
        return text + "        default: break\n        }\n    }\n}\n"
    }

    private func acceptors() -> String {
        schema.messages.map { message in
            """
            extension \(message.name) {
                /// Hands the event to a fold.
                @inlinable
                public func apply<Fold: EventFold>(
                    to fold: inout Fold, at position: UInt64, _ context: borrowing Fold.Context
                ) {
                    fold.apply(self, at: position, context)
                }
            }

            """
        }.joined(separator: "\n")
    }
}
