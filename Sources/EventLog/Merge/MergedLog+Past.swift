extension MergedLog {
    /// Where two sequences part that share logs: a fork and what it left, or two forks. The start
    /// where they share none.
    ///
    /// What is shared lies in the very same files, so that none of it needs to be compared.
    public func commonPast(with other: MergedLog) throws -> MergedPosition {
        var common = MergedPosition.start
        for (index, (own, theirs)) in zip(segments, other.segments).enumerated() {
            guard own.log.path == theirs.log.path, own.start == theirs.start else { break }
            switch (end(of: index), other.end(of: index)) {
            case (let one?, let two?):
                common = one.position < two.position ? one : two
                if one != two { return common }
            case (let one?, nil): return one
            case (nil, let two?): return two
            case (nil, nil): return try end()
            }
        }
        return common
    }
}
