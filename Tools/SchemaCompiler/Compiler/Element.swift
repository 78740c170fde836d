/// An XML element with the line it begins on.
struct Element {
    let file: String
    let line: Int
    let name: String
    let attributes: [String: String]
    var children: [Element] = []
    var text = ""

    /// The refusal of this element.
    func refusal(_ what: String, _ remedy: String) -> Refusal {
        Refusal(file: file, line: line, what: what, remedy: remedy)
    }

    /// Refuses attributes other than these, and the absence of those that are required.
    func check(required: [String], optional: [String] = []) throws(Refusal) {
        for key in attributes.keys.sorted() where !required.contains(key) && !optional.contains(key)
        {
            let allowed = (required + optional).joined(separator: ", ")
            throw refusal(
                "<\(name)> has an unsupported attribute '\(key)'", "only \(allowed)")
        }
        for key in required where attributes[key] == nil {
            throw refusal("<\(name)> has no attribute '\(key)'", "<\(name) \(key)=\"…\">")
        }
    }

    /// The value of an attribute that `check` has found.
    func required(_ key: String) -> String {
        attributes[key] ?? ""
    }

    /// A decimal number in `range`, from an attribute or from the text.
    func number(_ text: String, _ what: String, in range: ClosedRange<Int>) throws(Refusal) -> Int {
        guard let number = Int(text.trimmed), range.contains(number) else {
            throw refusal(
                "\(what) '\(text.trimmed)' is not a number from \(range.lowerBound) to "
                    + "\(range.upperBound)",
                "a number in that range")
        }
        return number
    }

    /// Refuses text where only elements belong.
    func checkNoText() throws(Refusal) {
        guard text.trimmed.isEmpty else {
            throw refusal("<\(name)> contains the text '\(text.trimmed)'", "it as a comment")
        }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        var slice = self[...]
        while let first = slice.first, first.isWhitespace { slice.removeFirst() }
        while let last = slice.last, last.isWhitespace { slice.removeLast() }
        return String(slice)
    }
}
