import Events

extension ModelInspection {
    /// Evaluations and outcomes.
    mutating func inspect(
        evaluation message: RawSpan, _ reference: Reference, _ envelope: Envelope,
        _ report: inout Causality.Report
    ) throws {
        switch try MessageHeader(message).templateID {
        case SignalGenerated.templateID:
            let view = try SignalGeneratedView(message)
            heard(view.champion, view.arms, reference, &report)
            for index in 0..<view.predictions.count {
                let prediction = view.predictions[index]
                speaks(prediction.model, prediction.role, reference, &report)
                check(
                    prediction.model, [prediction.win, prediction.loss, prediction.breakeven],
                    view.ticker, view.day, envelope, reference, &report)
            }
            settings.used(
                tenths: view.blendTenths, buy: view.buyHundredths, sell: view.sellHundredths,
                reference, &report)
        case SignalSuppressed.templateID:
            let view = try SignalSuppressedView(message)
            heard(view.champion, view.arms, reference, &report)
            for index in 0..<view.predictions.count {
                let prediction = view.predictions[index]
                speaks(prediction.model, prediction.role, reference, &report)
                check(
                    prediction.model, [prediction.win, prediction.loss, prediction.breakeven],
                    view.ticker, view.day, envelope, reference, &report)
            }
            settings.used(
                tenths: view.blendTenths, buy: view.buyHundredths, sell: view.sellHundredths,
                reference, &report)
        case OutcomeRecorded.templateID:
            try outcome(OutcomeRecordedView(message), reference, envelope, &report)
        default: break
        }
    }

    /// The champion that an evaluation names is the champion then, and its arm its own.
    private func heard(
        _ named: Reference, _ arms: ShadowArms, _ reference: Reference,
        _ report: inout Causality.Report
    ) {
        if named != .none, named != champion {
            report.add(reference, "hears \(named), where \(champion) was champion")
        }
        if named == .none, arms.contains(.machine) {
            report.add(reference, "enters the machine's arm without a champion")
        }
    }

    /// A prediction is of a model that was trained before, in the role that it had then.
    private func speaks(
        _ model: Reference, _ role: ModelRole, _ reference: Reference,
        _ report: inout Causality.Report
    ) {
        report.predictions += 1
        guard isTrained(model) else {
            report.add(reference, "is predicted by \(model), no model trained before")
            return
        }
        switch role {
        case .champion where model != champion:
            report.add(
                reference, "is predicted by \(model) as champion, which \(champion) was")
        case .candidate where model != candidate && !importedCandidates.contains(model):
            report.add(
                reference, "is predicted by \(model) as candidate, which \(candidate) was")
        default: break
        }
    }

    /// A model of another tool says what a fact before told it to, of a session after its training.
    private func check(
        _ model: Reference, _ predicted: [Float], _ ticker: Ticker, _ day: Day,
        _ envelope: Envelope,
        _ reference: Reference, _ report: inout Causality.Report
    ) {
        guard model.isTimeline else { return }
        let bits = imports.bits(model, ticker, day, through: envelope.through)
        if bits != predicted.map(\.bitPattern) {
            report.add(reference, "is predicted by \(model), which was not told to say so by then")
        }
        let trained = imports.models.first { .timeline($0.position) == model }?.trainedThrough
        if let trained, day <= trained {
            report.add(reference, "is predicted by \(model), which had learnt of \(day)")
        }
    }

    private func outcome(
        _ view: borrowing OutcomeRecordedView, _ reference: Reference, _ envelope: Envelope,
        _ report: inout Causality.Report
    ) throws {
        if view.source == .loop { try exit(view, reference, envelope, &report) }
        guard view.features.count > 0 else { return }
        let evaluation = try earlier.evaluation(view.signal, before: reference)
        let kept = evaluation?.bits ?? []
        if let entryDay = view.entryDay, let evaluation,
            evaluation.knownAt >= Instant(entryDay + 1)
        {
            report.add(reference, "was entered on \(entryDay), before \(view.signal) was known")
        }
        var isEqual = kept.count == view.features.count
        for index in kept.indices where isEqual {
            isEqual = kept[index] == view.features[index].value.bitPattern
        }
        if !isEqual {
            report.add(reference, "carries features that \(view.signal) did not store")
        }
    }

    /// An outcome of the loop's own follows its fill.
    private func exit(
        _ view: borrowing OutcomeRecordedView, _ reference: Reference, _ envelope: Envelope,
        _ report: inout Causality.Report
    ) throws {
        guard let fill = try earlier.fill(view.exitFill, before: reference) else {
            report.add(reference, "leaves by \(view.exitFill), no fill before it")
            return
        }
        if fill.knownAt > envelope.knownAt {
            report.add(reference, "is known before its exit is filled")
        }
        if fill.filledOn != view.exitDay {
            report.add(reference, "leaves on another day than \(view.exitFill) fills")
        }
    }
}
