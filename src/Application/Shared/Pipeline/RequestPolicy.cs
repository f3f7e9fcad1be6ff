using System.Reflection;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>What a request type declares about itself, read once a type.</summary>
/// <param name="Credential">The credential it needs; <see langword="null"/> where it needs none.</param>
/// <param name="Tier">The tier it needs.</param>
/// <param name="OmitBodies">Whether its bodies stay out of the audit.</param>
/// <param name="OmitRecord">Whether its calls stay out of the audit.</param>
internal sealed record RequestPolicy(RequireCredentialAttribute? Credential, RequireTierAttribute? Tier, bool OmitBodies, bool OmitRecord)
{
    /// <summary>Reads the declarations of a request type.</summary>
    /// <exception cref="InvalidOperationException">The type declares neither a credential nor that it needs none.</exception>
    public static RequestPolicy Of(Type request)
    {
        var credential = request.GetCustomAttribute<RequireCredentialAttribute>();
        if (credential is null && request.GetCustomAttribute<AllowAnonymousCallerAttribute>() is null)
        {
            throw new InvalidOperationException($"{request.Name} declares no credential.");
        }

        return new RequestPolicy(
            credential,
            request.GetCustomAttribute<RequireTierAttribute>(),
            request.GetCustomAttribute<OmitBodiesFromAuditAttribute>() is not null,
            request.GetCustomAttribute<OmitFromAuditAttribute>() is not null);
    }

    /// <summary>The declarations of one request type.</summary>
    internal static class For<TRequest>
    {
        public static readonly RequestPolicy Policy = Of(typeof(TRequest));
    }
}
