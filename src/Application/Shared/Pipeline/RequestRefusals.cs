using System.Reflection;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
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
        var (credential, tier, _, _) = RequestPolicy.Of(request);
        return
        [
            .. credential is null ? [] : CredentialErrors.Of(credential.Kind),
            .. tier is null ? Array.Empty<Error>() : [tier.Refusal],
            .. validators.OfType<IDocumentedRules>().SelectMany(rules => rules.Refusals),
            .. request.IsAssignableTo(typeof(IMeteredRequest)) ? BalanceErrors.All : [],
            .. request.GetCustomAttributes<RefusesAttribute>().SelectMany(Declared),
        ];
    }

    private static IEnumerable<Error> Declared(RefusesAttribute refuses) => refuses.Names.Select(name => Read(refuses.Errors, name));

    private static Error Read(Type errors, string name) =>
        errors.GetField(name)?.GetValue(null) as Error
        ?? (errors.GetMethod(name) is { } method ? method.Invoke(null, [.. method.GetParameters().Select(Placeholder)]) as Error : null)
        ?? throw new InvalidOperationException($"{errors.Name} has no error named {name}.");

    // "User with ID <id> not found": the documentation names what only a real call knows.
    private static object? Placeholder(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => $"<{parameter.Name}>",
        var type when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };
}
