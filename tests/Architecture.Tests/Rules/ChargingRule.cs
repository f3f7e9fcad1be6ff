using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Rules;

/// <summary>
/// A request whose handler sets funds aside is declared as charged, so that it is carried out once under one
/// <c>Idempotency-Key</c>. What handlers are given to do it for them counts as theirs.
/// </summary>
internal static class ChargingRule
{
    private const string Order = "AiPlatform.Application.Metering.Contracts.HoldOrder";
    private const string Declaration = "AiPlatform.Application.Shared.Pipeline.IChargedRequest";

    public static bool Charges(TypeDefinition type) => type.HandledRequests().Any() && Parts(type, []).Any(PlacesHolds);

    public static IEnumerable<string> Breaches(TypeDefinition type) =>
        from request in type.HandledRequests()
        where !request.Resolve().AllInterfaces().Any(face => face.FullName == Declaration)
        select $"{request.Name} sets funds aside and is no {Declaration}";

    // Records are made by their own constructor alone.
    private static bool PlacesHolds(TypeDefinition type) => type.WithNested()
        .SelectMany(at => at.Methods)
        .Where(method => method.HasBody)
        .SelectMany(method => method.Body.Instructions)
        .Any(instruction => instruction.Operand is MethodReference { Name: ".ctor", DeclaringType.FullName: Order });

    /// <summary>A type, and the classes of the application that its constructors take, and theirs.</summary>
    private static IEnumerable<TypeDefinition> Parts(TypeDefinition type, HashSet<string> seen)
    {
        if (type.IsInterface || !seen.Add(type.FullName))
        {
            return [];
        }

        var taken = type.Methods.Where(method => method.IsConstructor && !method.IsStatic).SelectMany(method => method.Parameters);
        return taken.Select(parameter => parameter.ParameterType.Resolve())
            .Where(part => part is not null && Place.Of(part)?.Layer == Place.Application)
            .SelectMany(part => Parts(part, seen))
            .Prepend(type);
    }
}
