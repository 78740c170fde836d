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
        // Foundation's parser crashes on names that are not UTF-8.
        guard String(data: data, encoding: .utf8) != nil else {
            throw Refusal(
                file: file, line: line(ofFirstBadByte: data),
                what: "the file is not UTF-8", remedy: "well-formed XML in UTF-8")
        }
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

    /// The line, from 1, of the first byte that is no part of a UTF-8 character.
    private static func line(ofFirstBadByte data: Data) -> Int {
        1
            + data.split(separator: 0x0A, omittingEmptySubsequences: false).prefix {
                String(data: $0, encoding: .utf8) != nil
            }.count
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
