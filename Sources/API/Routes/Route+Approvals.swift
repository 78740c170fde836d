import Application
import EventLog
import Events
import Foundation
import Pipeline

extension Route.Answer {
    /// A second person is asked, and nothing done before he approves.
    static let asked = Route.Answer.json(
        .recorded, "It waits for a second person: approval is its id.", status: 202)
}

extension Route {
    /// What a second person says of acts that wait for one.
    static let approvals: [Route] = [
        Route(
            "GET", "/api/v1/approvals", "approvals",
            "What waits for a second person, and the candidates of the run that await one.",
            parameters: [
                Route.Parameter(
                    name: "all", schema: .choice(["true", "false"]),
                    meaning: "true: what is decided or expired too."),
                .run,
            ],
            answers: [.json(.recorded)]
        ) { call in
            let all = try call.word("all", of: ["true", "false"], else: "false") == "true"
            let book = try call.service.acts.lend { ledger in
                try ledger.read(call.workspace.log())
                return ledger.approvals
            }
            return .json(
                try ApprovalAnswer(book, run: call.run, all: all, in: call.workspace).json)
        },
        Route(
            "POST", "/api/v1/approvals/{id}/comment", "comment_approval",
            "Says something of a request.", role: .operator, isWrite: true,
            parameters: [.approval],
            body: .object([.init("text", .reason, "What; it stays in the log.")]),
            answers: [.json(.recorded)]
        ) { call in
            let person = try PersonAct(
                who: call.caller.name ?? "", reason: try call.neededText("text"))
            return try call.say { try ApprovalActs.comment($0, by: person, in: $1, &$2) }
        },
        Route(
            "POST", "/api/v1/approvals/{id}/approve", "approve",
            "Approves a request of another person: what it asks for is recorded.", role: .admin,
            isWrite: true, parameters: [.approval], body: .act(), answers: [.json(.recorded)]
        ) { call in
            let person = try call.person()
            return try call.say { try ApprovalActs.approve($0, by: person, in: $1, &$2) }
        },
        Route(
            "POST", "/api/v1/approvals/{id}/refuse", "refuse",
            "Refuses a request; whoever asked takes it back.", role: .admin, isWrite: true,
            parameters: [.approval], body: .act(), answers: [.json(.recorded)]
        ) { call in
            let person = try call.person()
            return try call.say { try ApprovalActs.refuse($0, by: person, in: $1, &$2) }
        },
        Route(
            "POST", "/api/v1/approvals/require", "require_approvals",
            "Says how many people promotions, rollbacks, resumes and changes of the mode need; "
                + "fewer than before need a second person too.", role: .admin, isWrite: true,
            body: .act([.init("people", .integer(least: 1, most: 2))]),
            answers: [.json(.recorded), .asked]
        ) { call in
            let person = try call.person()
            let people = Int(try call.neededReal("people"))
            return try call.record {
                try ApprovalActs.require(people, by: person, in: $0, &$1)
            }
        },
        Route(
            "POST", "/api/v1/models/{id}/refuse", "refuse_candidate",
            "Decides that a candidate does not become champion.", role: .admin, isWrite: true,
            parameters: [.path("id", "The model, as the run knows it."), .run], body: .act(),
            answers: [.json(.recorded)]
        ) { call in
            let person = try call.person()
            return try call.say {
                try ApprovalActs.refuse(candidate: $0, run: call.run, by: person, in: $1, &$2)
            }
        },
    ]
}

extension Route.Parameter {
    fileprivate static let approval = Route.Parameter.path(
        "id", "The request: d and a position of the data log.")
}

extension Call {
    /// Records what a person says of what the path names.
    fileprivate func say(
        _ record: (String, Workspace, inout OperatorLedger) throws -> OperatorLedger.Recorded
    ) throws -> APIResponse {
        try self.record { try record(self["id"], $0, &$1) }
    }

    /// Records what a person says of approvals.
    fileprivate func record(
        _ body: (Workspace, inout OperatorLedger) throws -> OperatorLedger.Recorded
    ) throws -> APIResponse {
        let (recorded, book) = try service.acts.lend { ledger in
            let recorded = try body(workspace, &ledger)
            try ledger.read(workspace.log())
            return (recorded, ledger.approvals)
        }
        return .json(recorded.json(book).text, status: recorded.status)
    }
}
