/// Something that acts on events, and says on which: a projection, a decider.
///
/// A test finds an event that nobody consumes, and a projection that acts on one it does not name.
public protocol EventConsumer {
    /// The events that it acts on; of any other it may know the envelope and the place alone.
    static var consumed: [any EventMessage.Type] { get }
}
