import Foundation
import FoundationXML

/// Reads an XML file into a tree of elements.
final class ElementReader: NSObject, XMLParserDelegate {
    private let file: String
    private var open: [Element] = []
    private var root: Element?

    private init(file: String) {
        self.file = file
    }

    /// The root element of `data`, refusing what is not well-formed XML.
    static func read(_ data: Data, file: String) throws(Refusal) -> Element {
        try refuseWhatCrashes(data, file: file)
        let parser = XMLParser(data: data)
        let reader = ElementReader(file: file)
        parser.delegate = reader
        let succeeded = parser.parse()
        guard succeeded, let root = reader.root else {
            let reason = parser.parserError.map { "\($0.localizedDescription)" } ?? "no element"
            throw Refusal(
                file: file, line: max(parser.lineNumber, 1),
                what: "the file is not well-formed XML (\(reason))", remedy: "well-formed XML")
        }
        return root
    }

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
        qualifiedName qName: String?, attributes attributeDict: [String: String] = [:]
    ) {
        open.append(
            Element(
                file: file, line: parser.lineNumber, name: elementName, attributes: attributeDict))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        guard !open.isEmpty else { return }
        open[open.count - 1].text += string
    }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?,
        qualifiedName qName: String?
    ) {
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].children.append(element)
        }
    }
}
