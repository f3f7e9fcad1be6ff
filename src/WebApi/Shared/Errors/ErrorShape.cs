namespace AiPlatform.WebApi.Shared.Errors;

/// <summary>How a surface writes an error.</summary>
public enum ErrorShape
{
    /// <summary><c>{"detail"}</c>; also where no surface can be told.</summary>
    Detail,

    /// <summary>
    /// FastAPI's (seeds 001, 003 and 004): as <see cref="Detail"/>, but what is wrong with a field is
    /// <c>{"detail":[{"loc","msg","type"}]}</c>.
    /// </summary>
    FastApi,

    /// <summary>Seed 000: <c>{"error","message"}</c>.</summary>
    AiFramework,

    /// <summary>Seed 000's model routes: as <see cref="AiFramework"/>, but <c>{"response","message"}</c> for what the model call itself refuses.</summary>
    AiFrameworkModel,

    /// <summary>OpenAI's: <c>{"error":{"message","type","param","code"}}</c>.</summary>
    OpenAI,

    /// <summary>Anthropic's: <c>{"type":"error","error":{"type","message"}}</c>.</summary>
    Anthropic,
}

/// <summary>Says how a controller or an action writes its errors.</summary>
/// <param name="shape">The shape.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ErrorShapeAttribute(ErrorShape shape) : Attribute
{
    /// <summary>The shape.</summary>
    public ErrorShape Shape { get; } = shape;
}

/// <summary>Gives an error other words on one action, where its documentation has them.</summary>
/// <param name="code">The error's code.</param>
/// <param name="message">The documented words.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class ErrorWordsAttribute(string code, string message) : Attribute
{
    /// <summary>The error's code.</summary>
    public string Code { get; } = code;

    /// <summary>The documented words.</summary>
    public string Message { get; } = message;
}

/// <summary>Gives every refusal of a credential the same words, where the documentation knows only these.</summary>
/// <param name="message">The documented words.</param>
/// <param name="withoutBearer">The documented words where an <c>Authorization</c> header was sent that is none of a bearer, if it has its own.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public class UnauthenticatedWordsAttribute(string message, string? withoutBearer = null) : Attribute
{
    /// <summary>The documented words.</summary>
    public string Message { get; } = message;

    /// <summary>The documented words where an <c>Authorization</c> header was sent that is none of a bearer.</summary>
    public string WithoutBearer { get; } = withoutBearer ?? message;
}

/// <summary>The words of seeds 002 and 003 for the refusal of a credential (surfaces.md, P401).</summary>
public sealed class BearerWordsAttribute()
    : UnauthenticatedWordsAttribute("Could not validate credentials", "Invalid authorization header format. Use 'Bearer <token>'");

/// <summary>The words for a failure of the platform itself on one action; what failed is in the log alone.</summary>
/// <param name="message">The documented words.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnexpectedErrorAttribute(string message) : Attribute
{
    /// <summary>The documented words.</summary>
    public string Message { get; } = message;
}
