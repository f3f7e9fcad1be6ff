using System.Reflection;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Domain.Shared;
using FluentValidation;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>What a request can be refused with, read from what it and its rules declare.</summary>
public static class RequestRefusals
{
    /// <summary>The refusals of a request, in the order in which the pipeline checks.</summary>
    /// <param name="request">The request's type.</param>
    /// <param name="validators">The request's validators.</param>
    /// <exception cref="InvalidOperationException">The request declares no credential, or an error that does not exist.</exception>
    public static IEnumerable<Error> Of(Type request, IEnumerable<IValidator> validators)
    {
        var policy = RequestPolicy.Of(request);
        Error[] refusals =
        [
            .. policy.RestrictsAddresses ? new[] { RestrictAddressesAttribute.Refusal } : [],
            .. policy.Rate is { } limit ? new[] { limit.Refusal(new RateLimit(100, DateTimeOffset.UnixEpoch), DateTimeOffset.UnixEpoch) } : [],
            .. policy.Credential is { } credential ? CredentialErrors.Of(credential.Kind) : [],
            .. policy.Tier is { } tier ? new[] { tier.Refusal } : [],
            .. request.IsAssignableTo(typeof(IMeteredRequest)) ? new[] { EndpointAccessErrors.Denied } : [],
            .. policy.Staff is null ? [] : new[] { RequireStaffAttribute.Refusal },
            .. validators.OfType<IDocumentedRules>().SelectMany(rules => rules.Refusals),
            .. request.IsAssignableTo(typeof(IChargedRequest)) ? IdempotencyErrors.All : [],
            .. request.IsAssignableTo(typeof(IMeteredRequest)) ? BalanceErrors.All : [],
            .. request.GetCustomAttributes<RefusesAttribute>().SelectMany(Declared),
        ];

        return refusals.Select(policy.Reword);
    }

    private static IEnumerable<Error> Declared(RefusesAttribute refuses) => refuses.Names.SelectMany(name => Read(refuses.Errors, name));

    private static IEnumerable<Error> Read(Type errors, string name)
    {
        var member = errors.GetMember(name, BindingFlags.Public | BindingFlags.Static) is [var only] ? only : null;
        var value = member switch
        {
            FieldInfo field => field.GetValue(null),
            PropertyInfo property => property.GetValue(null),
            MethodInfo method => method.Invoke(null, [.. method.GetParameters().Select(Placeholder)]),
            _ => null,
        };
        return value switch
        {
            Error error => [error],
            IEnumerable<Error> several => several,
            _ => throw new InvalidOperationException($"{errors.Name} has no public error named {name}."),
        };
    }

    // "User with ID <id> not found": the documentation names what only a real call knows.
    private static object? Placeholder(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => $"<{parameter.Name}>",
        var type when type == typeof(int) => 1000,
        var type when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };
}
