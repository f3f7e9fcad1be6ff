namespace AiPlatform.Load.Crash;

/// <summary>What was found wrong, or left open, with its evidence.</summary>
internal sealed class Verdict
{
    /// <summary>Calls that the upstream was asked and the books do not know, or that were answered and not paid.</summary>
    public List<string> Lost { get; } = [];

    /// <summary>Calls that were paid more than once, or paid without an answer.</summary>
    public List<string> Double { get; } = [];

    /// <summary>Accounts that gave more than they had, or whose entries do not add up to their balance.</summary>
    public List<string> Overspent { get; } = [];

    /// <summary>Holds that an administrator has to decide.</summary>
    public List<string> Unresolved { get; } = [];

    /// <summary>Whether every call is accounted for.</summary>
    public bool IsClean => Lost.Count + Double.Count + Overspent.Count == 0;

    /// <summary>Everything, a line each.</summary>
    public IEnumerable<string> Evidence() =>
        from finding in new[] { ("lost", Lost), ("double", Double), ("overspent", Overspent), ("unresolved", Unresolved) }
        from line in finding.Item2
        select $"{finding.Item1}: {line}";
}
