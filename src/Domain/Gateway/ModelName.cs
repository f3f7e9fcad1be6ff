namespace AiPlatform.Domain.Gateway;

/// <summary>A name that finds a model. The names and aliases of all models are one set, so that a name finds one model.</summary>
public sealed class ModelName
{
    private ModelName()
    {
        Name = string.Empty;
    }

    internal ModelName(Guid modelId, string name, bool isAlias) => (ModelId, Name, IsAlias) = (modelId, Normalise(name), isAlias);

    /// <summary>The name in lower case; unique.</summary>
    public string Name { get; private set; }

    /// <summary>The model that it finds.</summary>
    public Guid ModelId { get; private set; }

    /// <summary>Whether it is an alias and not the public name.</summary>
    public bool IsAlias { get; private set; }

    /// <summary>A name as it is looked up.</summary>
    /// <param name="name">The name as typed.</param>
    public static string Normalise(string name) => name.Trim().ToLowerInvariant();

    /// <summary>Whether a text can name a model: ASCII letters and digits, and <c>. _ - : / @</c> after the first character.</summary>
    /// <param name="name">The text.</param>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= AiModel.MaxNameLength
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or ':' or '/' or '@');
}
