namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Documents that an action reads files from a multipart form, one or several under one name.</summary>
/// <param name="field">The form field.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MultipartFilesAttribute(string field) : Attribute
{
    /// <summary>The form field.</summary>
    public string Field { get; } = field;
}
