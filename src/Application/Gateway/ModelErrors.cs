using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway;

/// <summary>What can be wrong with what is said of the catalogue.</summary>
internal static class ModelErrors
{
    /// <summary>There is no such model.</summary>
    public static readonly Error NotFound = new("model_not_found", ErrorKind.NotFound, "There is no model with this id. GET /admin/models lists them.");

    /// <summary>There is no such list.</summary>
    public static readonly Error AccessNotFound = new("access_not_found", ErrorKind.NotFound, "The owner has no list of allowed models");

    /// <summary>Longest text that an error repeats, in characters.</summary>
    private const int MaxRepeated = 100;

    /// <summary>A name or an alias finds another model.</summary>
    /// <param name="name">The name.</param>
    public static Error NameTaken(string name) =>
        new("name_taken", ErrorKind.Conflict, $"'{AuditText.Cut(name, MaxRepeated)}' is the name or an alias of another model");

    /// <summary>A list names a model that there is not.</summary>
    /// <param name="name">The name, as the client wrote it.</param>
    public static Error UnknownModel(string name) => new(
        "model_not_found", ErrorKind.NotFound, $"There is no model '{AuditText.Cut(name, MaxRepeated)}'. GET /admin/models lists them.");

    /// <summary>The owner does not exist.</summary>
    /// <param name="owner">Its kind and id, as the client wrote them.</param>
    public static Error OwnerNotFound(string owner) =>
        new("owner_not_found", ErrorKind.NotFound, $"There is no {AuditText.Cut(owner, MaxRepeated)}");

    /// <summary>The key or its user may not ask a model.</summary>
    /// <param name="owner">Whose list lacks it: <c>API key</c> or <c>account</c>.</param>
    /// <param name="model">The model.</param>
    public static Error NotAllowed(string owner, string model) => new(
        "model_not_allowed",
        ErrorKind.Forbidden,
        $"This {owner} may not use the model '{AuditText.Cut(model, MaxRepeated)}'. Ask an administrator to allow it, or choose another model.");
}
