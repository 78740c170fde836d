import EventLog
import Events
public import FeedbackLoop
public import Pipeline
import Synchronization

/// What a run's loop thinks at its end, kept until the run has gone on.
public final class OutlookCache: Sendable {
    /// An outlook and where it stands.
    public struct Standing: Sendable {
        /// The outlook.
        public let outlook: LoopOutlook
        /// The loop.
        public let loop: LoopStrategy
        /// How far the run was read: a merged ordinal.
        public let position: UInt64
    }

    private struct Slot: Sendable {
        let seal: String
        let standing: Standing
    }

    private let workspace: Workspace
    private let slots = Mutex<[String: Slot]>([:])
    /// One fold at a time: whoever comes meanwhile waits for it.
    private let folding = Mutex<Void>(())

    /// Of a folder's runs.
    public init(_ workspace: Workspace) { self.workspace = workspace }

    /// Runs whose outlook is kept.
    private static let most = 4

    /// The outlook of a run as it stands; nothing is decided again.
    ///
    /// - Throws: `ApplicationError.refused` for a strategy without models, and what opening and
    ///   folding a run throw.
    public func outlook(of name: String) throws -> Standing {
        if let slot = try current(name) { return slot }
        return try folding.withLock { _ in
            // Another request may have folded it meanwhile.
            if let slot = try current(name) { return slot }
            let run = try workspace.folder.openRun(name)
            let end = try run.merged.end()
            let origin = try RunOrigin.read(run, at: end)
            guard case .loop(let loop) = origin.strategy else {
                throw ApplicationError.refused(
                    "run \(name) follows disclosures: it has neither models nor signals")
            }
            let standing = Standing(
                outlook: try LoopOutlook(
                    of: loop, run: run.merged, window: origin.window, trainer: workspace.trainer),
                loop: loop, position: end.position)
            let slot = Slot(
                seal: "\(run.log.identity.logID) \(end.position)", standing: standing)
            slots.withLock { slots in
                if slots.count >= OutlookCache.most, slots[name] == nil { slots = [:] }
                slots[name] = slot
            }
            return standing
        }
    }

    private func current(_ name: String) throws -> Standing? {
        guard let slot = slots.withLock({ $0[name] }) else { return nil }
        let run = try workspace.folder.openRun(name)
        let end = try run.merged.end()
        return slot.seal == "\(run.log.identity.logID) \(end.position)" ? slot.standing : nil
    }
}
