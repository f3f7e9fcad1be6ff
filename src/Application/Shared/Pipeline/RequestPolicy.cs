using System.Collections.Concurrent;
using System.Reflection;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>What a request type declares about itself, read once a type.</summary>
/// <param name="Credential">The credential it needs; <see langword="null"/> where it needs none.</param>
/// <param name="Tier">The tier it needs.</param>
/// <param name="OmitBodies">Whether its bodies stay out of the audit.</param>
/// <param name="OmitRecord">Whether its calls stay out of the audit.</param>
internal sealed record RequestPolicy(RequireCredentialAttribute? Credential, RequireTierAttribute? Tier, bool OmitBodies, bool OmitRecord)
{
    private static readonly ConcurrentDictionary<Type, RequestPolicy> Policies = new();

    /// <summary>The level of the staff that it needs.</summary>
    public RequireStaffAttribute? Staff { get; private init; }

    /// <summary>How often a minute it may be made.</summary>
    public LimitRateAttribute? Rate { get; private init; }

    /// <summary>Whether it may come from allowed addresses alone.</summary>
    public bool RestrictsAddresses { get; private init; }

    /// <summary>What the request says of errors in its own words.</summary>
    public IReadOnlyList<RewordsAttribute> Rewords { get; private init; } = [];

    /// <summary>An error in the request's own words.</summary>
    /// <param name="error">The error.</param>
    public Error Reword(Error error)
    {
        foreach (var words in Rewords)
        {
            if (words.Code == error.Code)
            {
                return error with { Kind = words.Kind, Message = words.Message };
            }
        }

        return error;
    }

    /// <summary>The declarations of a request type.</summary>
    /// <param name="request">The type.</param>
    /// <exception cref="InvalidOperationException">The type declares neither a credential nor that it needs none.</exception>
    public static RequestPolicy Of(Type request) => Policies.GetOrAdd(request, Read);

    private static RequestPolicy Read(Type request)
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
            request.GetCustomAttribute<OmitFromAuditAttribute>() is not null)
        {
            Staff = request.GetCustomAttribute<RequireStaffAttribute>(),
            Rate = request.GetCustomAttribute<LimitRateAttribute>(),
            RestrictsAddresses = request.GetCustomAttribute<RestrictAddressesAttribute>() is not null,
            Rewords = [.. request.GetCustomAttributes<RewordsAttribute>()],
        };
    }

    /// <summary>The declarations of one request type.</summary>
    internal static class For<TRequest>
    {
        public static readonly RequestPolicy Policy = Of(typeof(TRequest));
    }
}
