using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Rules;

/// <summary>What a compiled type says of itself.</summary>
internal static class TypeFacts
{
    public static bool IsCompilerGenerated(this IMemberDefinition member) =>
        member.Name.Contains('<', StringComparison.Ordinal)
        || member.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "CompilerGeneratedAttribute");

    public static bool Has(this TypeDefinition type, string attribute) =>
        type.CustomAttributes.Any(custom => custom.AttributeType.Name == attribute + "Attribute");

    /// <summary>The type and its bases, as far as they can be found.</summary>
    public static IEnumerable<TypeDefinition> Lineage(this TypeDefinition type)
    {
        for (var at = type; at is not null; at = at.BaseType?.Resolve())
        {
            yield return at;
        }
    }

    /// <summary>Every interface that the type or a base of it names.</summary>
    public static IEnumerable<TypeReference> AllInterfaces(this TypeDefinition type) =>
        type.Lineage().SelectMany(at => at.Interfaces).Select(face => face.InterfaceType);

    public static bool IsRequest(this TypeDefinition type) =>
        !type.IsInterface && type.AllInterfaces().Any(face => face.Namespace == "MediatR" && face.Name.StartsWith("IRequest`", StringComparison.Ordinal));

    /// <summary>The requests that the type handles.</summary>
    public static IEnumerable<TypeReference> HandledRequests(this TypeDefinition type) =>
        from face in type.AllInterfaces().OfType<GenericInstanceType>()
        where face.Namespace == "MediatR" && face.Name.StartsWith("IRequestHandler`", StringComparison.Ordinal)
        select face.GenericArguments[0];

    /// <summary>The request that the type validates.</summary>
    public static TypeReference? ValidatedRequest(this TypeDefinition type) =>
        type is { IsAbstract: false, BaseType: GenericInstanceType { Name: "OrderedValidator`1" or "AbstractValidator`1" } validator }
            ? validator.GenericArguments[0]
            : null;

    public static bool IsController(this TypeDefinition type) => type.Lineage().Any(at => at.Name == "ControllerBase");

    /// <summary>The type, those nested in it, and what the compiler made of its lambdas and asynchronous methods.</summary>
    public static IEnumerable<TypeDefinition> WithNested(this TypeDefinition type) =>
        type.NestedTypes.SelectMany(nested => nested.WithNested()).Prepend(type);

    /// <summary>The source files of the type's methods.</summary>
    public static IEnumerable<string> SourceFiles(this TypeDefinition type) =>
        type.WithNested()
            .SelectMany(at => at.Methods)
            .SelectMany(method => method.DebugInformation.SequencePoints)
            .Select(point => point.Document.Url.Replace('\\', '/'))
            .Distinct();
}
