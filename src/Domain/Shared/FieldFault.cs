namespace AiPlatform.Domain.Shared;

/// <summary>In which way a field of a request is wrong, for surfaces that tell the ways apart.</summary>
public abstract record FieldFault
{
    private FieldFault()
    {
    }

    /// <summary>It is required and not there.</summary>
    public sealed record Missing : FieldFault;

    /// <summary>It is of another type.</summary>
    /// <param name="Expected">The type that it should have.</param>
    public sealed record Mistyped(FieldType Expected) : FieldFault;

    /// <summary>It is a number that is too small.</summary>
    /// <param name="Least">The smallest that there may be.</param>
    public sealed record TooSmall(long Least) : FieldFault;

    /// <summary>It is a number that is too great.</summary>
    /// <param name="Most">The greatest that there may be.</param>
    public sealed record TooGreat(long Most) : FieldFault;

    /// <summary>It is none of the texts that there are to choose from.</summary>
    /// <param name="Choices">Those texts.</param>
    public sealed record NoChoice(IReadOnlyList<string> Choices) : FieldFault;

    /// <summary>It is something else than it must be.</summary>
    /// <param name="Expected">What it must be.</param>
    public sealed record Unfit(string Expected) : FieldFault;
}

/// <summary>The type of a field, as far as the wire tells types apart.</summary>
public enum FieldType
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    WholeNumber,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A list.</summary>
    List,

    /// <summary>An object with fields of its own.</summary>
    Fields,
}
