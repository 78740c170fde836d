import Application
import EventLog
import Events
import Market
import Pipeline

extension Schema {
    /// An act by hand: why, and whatever else.
    static func act(_ fields: [Field] = []) -> Schema {
        .object(
            fields + [Field("reason", .reason, "Why; it stays in the log.")])
    }

    /// What an act was recorded as.
    static let recorded = Schema.object([], isOpen: true)
}

extension Route {
    /// What is done by hand: facts of the data log, with who.
    static let acts: [Route] = [
        Route(
            "POST", "/api/v1/halts", "halt", "Halts entries; with exits, new exits too.",
            role: .operator, isWrite: true, parameters: [.run],
            body: .act([.init("exits", .boolean, isRequired: false)]), answers: [.json(.recorded)]
        ) { call in
            let person = try call.person()
            let run = try call.workspace.folder.openRun(call.run)
            let before = try HaltAnswer(run, data: call.workspace.log())
            let recorded = try HaltActs.halt(
                before.halts, stopsExits: try call.boolean("exits") ?? false, by: person,
                in: call.workspace.logForActs(), now: call.workspace.instant)
            return .json(
                try HaltAnswer(run, data: call.workspace.log()).json(
                    position: recorded?.position, isNew: recorded != nil))
        },
        Route(
            "POST", "/api/v1/halts/resume", "resume", "Ends every halt, or those of a cause.",
            role: .admin, isWrite: true, parameters: [.run],
            body: .act([.init("cause", .choice(HaltAnswer.causes), isRequired: false)]),
            answers: [.json(.recorded), .asked]
        ) { call in
            let person = try call.person()
            let cause = try call.text("cause").map { try HaltAnswer.cause($0) }
            let run = try call.workspace.folder.openRun(call.run)
            let before = try HaltAnswer(run, data: call.workspace.log())
            let log = try call.workspace.logForActs()
            let recorded = try call.service.acts.lend {
                try HaltActs.resume(
                    before.halts, run: call.run, cause: cause, by: person, in: log, &$0,
                    now: call.workspace.instant
                ).recorded
            }
            return .json(
                try HaltAnswer(run, data: call.workspace.log()).json(
                    position: recorded.position, isNew: recorded.isNew,
                    approval: recorded.approval), status: recorded.status)
        },
        Route(
            "POST", "/api/v1/mode", "set_mode",
            "Changes the trading mode. To live it takes everything that recount mode live does.",
            role: .admin, isWrite: true, parameters: [.run],
            body: .act([
                .init("mode", .choice(["paper", "live"])),
                .init("phrase", .text(), isRequired: false, "live ACCOUNT EQUITY"),
                .init("adopt", .boolean, isRequired: false),
            ]), answers: [.json(.recorded), .asked]
        ) { call in
            return try call.changeMode(
                to: call.neededText("mode"), phrase: call.text("phrase") ?? "",
                adopts: call.boolean("adopt") ?? false)
        },
        Route(
            "POST", "/api/v1/models/{id}/promote", "promote", "Makes a model the champion.",
            role: .admin, isWrite: true,
            parameters: [.path("id", "The model, as the run knows it."), .run], body: .act(),
            answers: [.json(.recorded), .asked]
        ) { call in
            let run = try call.workspace.folder.openRun(call.run)
            return try call.record(
                ModelAct.promotion(of: call["id"], in: run, call.workspace.models))
        },
        Route(
            "POST", "/api/v1/models/rollback", "rollback",
            "Makes the champion before the champion again.", role: .admin, isWrite: true,
            parameters: [.run], body: .act(), answers: [.json(.recorded), .asked]
        ) { call in
            let run = try call.workspace.folder.openRun(call.run)
            return try call.record(ModelAct.rollback(in: run, call.workspace.models))
        },
    ]
}

extension Call {
    /// Who does it, and why.
    func person() throws -> PersonAct {
        try PersonAct(who: caller.name ?? "", reason: try neededText("reason"))
    }

    /// Records a promotion or a rollback.
    func record(_ act: ModelAct) throws -> APIResponse {
        let person = try person()
        let log = try workspace.logForActs()
        let recorded = try service.acts.lend {
            try act.record(by: person, in: log, &$0, now: workspace.instant)
        }
        return .json(act.json(recorded, person).text, status: recorded.status)
    }

    /// Changes the trading mode of the run.
    func changeMode(to text: String, phrase: String, adopts: Bool) throws -> APIResponse {
        guard text == "paper" || text == "live" else {
            throw ApplicationError.invalid(fields: ["mode"], "{mode} \(text): write paper or live")
        }
        let person = try person()
        let change = ModeChange(
            to: text == "live" ? .live : .paper, phrase: phrase, adopts: adopts)
        let evidence = try mode().evidence
        let log = try workspace.logForActs()
        let recorded = try service.acts.lend {
            try change.record(
                evidence, run: run, who: person.who, reason: person.reason, in: log, &$0,
                now: workspace.instant)
        }
        var object = JSONObject()
        object.text("mode", text)
        object.integer("position", recorded.position)
        object.text("left_behind", change.leftBehind(evidence))
        object.text("approval", recorded.approval)
        return .json(object.text, status: recorded.status)
    }
}

extension OperatorLedger.Recorded {
    /// 202 where a second person is asked.
    var status: Int { request == nil ? 200 : 202 }
}
