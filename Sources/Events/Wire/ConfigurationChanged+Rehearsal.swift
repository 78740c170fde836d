extension ConfigurationChanged {
    /// Whether a live run begins with it: the rehearsal before it is over. Gone are orders, queue,
    /// holdings (without trade or outcome), cooldowns, counts of the day, and the history of the
    /// portfolio's value; cash is the start's. What was learnt stays.
    public var endsRehearsal: Bool { scope == .service && forkedAt != .none }
}
