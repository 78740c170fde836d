import Events
import Pipeline

extension AlertRules {
    /// That a second person is asked, that somebody refused, or that more or fewer are needed; what
    /// was approved is told of by its act.
    func approval(_ message: RawSpan, _ template: UInt16, at position: UInt64) throws -> Found? {
        switch template {
        case ApprovalRequested.templateID:
            let event = try ApprovalRequested(message: message)
            let approval = Approval(position: position, request: event)
            return (
                .approval,
                "\(event.who) asks a second person to \(approval.words)" + words(event.text)
                    + "; recount approvals approve \(approval.id), until \(event.expiresAt)"
            )
        case ApprovalRefused.templateID:
            let event = try ApprovalRefused(message: message)
            let what = event.request == .none ? "a candidate" : "d\(event.request.position)"
            let verb = event.cause == .withdrawn ? "took back" : "refused"
            return (.approval, "\(event.who) \(verb) \(what)" + words(event.text))
        default:
            let event = try ApprovalsRequired(message: message)
            return (
                .approval,
                "promotions, rollbacks, resumes and changes of the mode need \(event.people) "
                    + "people, it was \(event.previous)" + by(event.who) + words(event.text)
            )
        }
    }
}
