using System.Text.RegularExpressions;
using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Rules;

/// <summary>The rules of the house that the compiler does not check.</summary>
internal static partial class HouseRules
{
    public const string DependenciesPointInwards = "Dependencies point inwards";
    public const string DomainKnowsOnlyTheFramework = "The domain knows only the framework";
    public const string ApplicationKnowsNoHostAndNoEngine = "The application knows no web host and no database engine";
    public const string CapabilitiesFollowTheAllowedEdges = "Capabilities follow the allowed edges";
    public const string CapabilitiesMeetAtContracts = "Capabilities meet at contracts";
    public const string RequestsDeclareWhoMaySendThem = "Requests declare who may send them";
    public const string HandlersAndValidatorsAreInternalAndSealed = "Handlers and validators are internal and sealed";
    public const string WhatIsChargedCanBeSentAgain = "What is charged can be sent again";
    public const string UseCasesHaveAFileOfTheirOwn = "Use cases have a file of their own";
    public const string ControllersOnlySend = "Controllers only send";
    public const string EntitiesChangeThroughTheirVerbs = "Entities change through their verbs";
    public const string NamesSayWhatThingsAre = "Names say what things are";

    private static readonly Dictionary<string, string[]> InnerLayers = new(StringComparer.Ordinal)
    {
        [Place.Domain] = [Place.Domain],
        [Place.Application] = [Place.Domain, Place.Application],
        [Place.Infrastructure] = [Place.Domain, Place.Application, Place.Infrastructure],
        [Place.WebApi] = [Place.Domain, Place.Application, Place.Infrastructure, Place.WebApi],
    };

    /// <summary>Which capability may ask which other; every one may ask Identity, and what is shared composes them all.</summary>
    private static readonly Dictionary<string, string[]> Edges = new(StringComparer.Ordinal)
    {
        ["Identity"] = [],
        ["Metering"] = ["Identity"],
        ["Gateway"] = ["Metering", "Operations", "Identity"],
        ["Content"] = ["Metering", "Gateway", "Identity"],
        ["Commerce"] = ["Metering", "Identity"],
        ["Operations"] = ["Identity"],
    };

    /// <summary>Types of a capability that the ports every capability shares speak in.</summary>
    private static readonly string[] SharedWords =
    [
        // The record that every call leaves; it is committed with the call's money.
        "AiPlatform.Domain.Operations.AuditRecord",

        // The chain that the record is part of, and its written form; both move in the transaction of the money.
        "AiPlatform.Domain.Operations.AuditChain",
        "AiPlatform.Domain.Operations.AuditDigest",
    ];

    private static readonly string[] HostsAndEngines =
    [
        "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore.Sqlite", "Microsoft.EntityFrameworkCore.SqlServer",
        "Microsoft.EntityFrameworkCore.Relational", "Microsoft.Data", "Npgsql", "Azure", "Swashbuckle",
    ];

    public static IReadOnlyList<Rule> All { get; } =
    [
        new(DependenciesPointInwards, IsOurs, OutwardReferences),
        new(DomainKnowsOnlyTheFramework, IsIn(Place.Domain), ForeignReferences),
        new(ApplicationKnowsNoHostAndNoEngine, IsIn(Place.Application), HostReferences),
        new(CapabilitiesFollowTheAllowedEdges, IsOfACapability, ForbiddenEdges),
        new(CapabilitiesMeetAtContracts, IsOfACapability, InnerReferences),
        new(RequestsDeclareWhoMaySendThem, TypeFacts.IsRequest, MissingDeclarations),
        new(HandlersAndValidatorsAreInternalAndSealed, IsHandlerOrValidator, OpenDoors),
        new(WhatIsChargedCanBeSentAgain, ChargingRule.Charges, ChargingRule.Breaches),
        new(UseCasesHaveAFileOfTheirOwn, IsHandlerOrValidator, MisplacedSources),
        new(ControllersOnlySend, TypeFacts.IsController, ControllerBreaches),
        new(EntitiesChangeThroughTheirVerbs, IsIn(Place.Domain), OpenState),
        new(NamesSayWhatThingsAre, IsOurs, EmptyNames),
        AsyncRule.Rule,
    ];

    public static Rule Named(string name) => All.Single(rule => rule.Name == name);

    private static bool IsOurs(TypeDefinition type) => Place.Of(type) is not null;

    private static Func<TypeDefinition, bool> IsIn(string layer) => type => Place.Of(type)?.Layer == layer;

    private static bool IsOfACapability(TypeDefinition type) => Place.Of(type) is { IsCapability: true };

    private static bool IsHandlerOrValidator(TypeDefinition type) =>
        type.HandledRequests().Any() || type.ValidatedRequest() is not null;

    private static IEnumerable<string> OutwardReferences(TypeDefinition type)
    {
        var layer = Place.Of(type)!.Layer;
        if (!InnerLayers.TryGetValue(layer, out var inner))
        {
            return [$"{layer} is no layer"];
        }

        return from reference in TypeReferences.Of(type)
               where Place.Of(reference) is { } place && !inner.Contains(place.Layer) && !IsTestMark(reference)
               select $"{layer} must not know {reference.FullName}";
    }

    private static IEnumerable<string> ForeignReferences(TypeDefinition type) =>
        from reference in TypeReferences.Of(type)
        let assembly = reference.Scope is AssemblyNameReference name ? name.Name : null
        where assembly is not null and not ("netstandard" or "mscorlib") && !assembly.StartsWith("System", StringComparison.Ordinal)
            && Place.Of(reference)?.Layer != Place.Domain
        select $"{reference.FullName} comes from {assembly}";

    private static IEnumerable<string> HostReferences(TypeDefinition type) =>
        from reference in TypeReferences.Of(type)
        where reference.Scope is AssemblyNameReference
        let assembly = reference.Scope.Name
        where HostsAndEngines.Any(prefix => assembly == prefix || assembly.StartsWith(prefix + ".", StringComparison.Ordinal))
        select $"{reference.FullName} comes from {assembly}";

    private static IEnumerable<string> ForbiddenEdges(TypeDefinition type)
    {
        var here = Place.Of(type)!;
        if (!Edges.TryGetValue(here.Capability, out var allowed))
        {
            return [$"{here.Capability} is no capability"];
        }

        return from reference in TypeReferences.Of(type)
               let there = Place.Of(reference)
               where there is { IsCapability: true } && there.Capability != here.Capability && !allowed.Contains(there.Capability)
                   && !SharedWords.Contains(reference.FullName) && !IsTestMark(reference)
               select $"{here.Capability} must not ask {there.Capability} ({reference.FullName})";
    }

    /// <summary>What another capability's contracts speak in lies in its domain; everything else of it is its own affair.</summary>
    private static IEnumerable<string> InnerReferences(TypeDefinition type)
    {
        var here = Place.Of(type)!;
        return from reference in TypeReferences.Of(type)
               let there = Place.Of(reference)
               where there is { IsCapability: true, IsContract: false } && there.Capability != here.Capability && there.Layer != Place.Domain
                   && !IsTestMark(reference)
               select $"{reference.FullName} is no contract";
    }

    private static IEnumerable<string> MissingDeclarations(TypeDefinition type)
    {
        var (credential, anonymous) = (type.Has("RequireCredential"), type.Has("AllowAnonymousCaller"));
        if (credential == anonymous)
        {
            yield return credential ? "needs a credential and none" : "declares neither a credential nor that it needs none";
        }

        if (type.Has("RequireTier") && !credential)
        {
            yield return "needs a tier of nobody";
        }
    }

    private static IEnumerable<string> OpenDoors(TypeDefinition type)
    {
        if (type.IsPublic)
        {
            yield return "is public";
        }

        if (!type.IsSealed)
        {
            yield return "is not sealed";
        }
    }

    private static IEnumerable<string> MisplacedSources(TypeDefinition type)
    {
        var request = type.HandledRequests().FirstOrDefault() ?? type.ValidatedRequest()!;
        var expected = $"{Place.Of(type)!.Capability}/{UseCaseSuffix().Replace(request.Name, string.Empty)}.cs";
        var files = type.SourceFiles().ToList();
        return files.Count == 0
            ? ["has no source that can be found"]
            : files.Where(file => !file.EndsWith("/" + expected, StringComparison.Ordinal)).Select(_ => $"belongs into {expected}");
    }

    private static IEnumerable<string> ControllerBreaches(TypeDefinition type)
    {
        var asked = from constructor in type.Methods
                    where constructor is { IsConstructor: true, IsStatic: false }
                    from parameter in constructor.Parameters
                    let needed = parameter.ParameterType
                    where needed.FullName != "MediatR.IMediator" && Place.Of(needed)?.Layer != Place.WebApi
                    select $"asks for {needed.FullName}";
        var used = from reference in TypeReferences.Of(type)
                   where IsForbiddenInControllers(reference)
                   select $"uses {reference.FullName}";
        return asked.Concat(used);
    }

    private static bool IsForbiddenInControllers(TypeReference reference) =>
        reference.Namespace.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
        || Place.Of(reference) is { Layer: Place.Infrastructure }
        || (Place.Of(reference) is { Layer: Place.Application, IsCapability: true } && reference.Resolve() is { IsInterface: true });

    private static IEnumerable<string> OpenState(TypeDefinition type) =>
        type.WithNested().Where(at => !at.IsCompilerGenerated()).SelectMany(at =>
            at.Properties.Where(property => property.SetMethod is { IsPublic: true } setter && !IsInit(setter)).Select(property => $"{property.Name} can be set by anybody")
                .Concat(at.Fields.Where(field => field is { IsPublic: true, IsInitOnly: false, HasConstant: false, IsSpecialName: false })
                    .Select(field => $"{field.Name} is a public field")));

    private static bool IsInit(MethodDefinition setter) =>
        setter.ReturnType is RequiredModifierType { ModifierType.Name: "IsExternalInit" };

    private static IEnumerable<string> EmptyNames(TypeDefinition type) =>
        type.WithNested()
            .Where(at => !at.IsCompilerGenerated())
            .Select(at => at.Name.Split('`')[0])
            .Concat(Place.Of(type)!.ToString().Split('.'))
            .Where(name => EmptyName().IsMatch(name))
            .Distinct()
            .Select(name => $"{name} says nothing, or two things");

    /// <summary>A planted type carries the mark of the test assembly, which is no part of any layer.</summary>
    private static bool IsTestMark(TypeReference reference) => reference.Name == nameof(BreaksAttribute);

    [GeneratedRegex("(Command|Query)$")]
    private static partial Regex UseCaseSuffix();

    [GeneratedRegex("(Manager|Helpers?|Utils?|Utility|Utilities|Common)(?![a-z])|^Base(?=[A-Z])|[a-z]Base$|[a-z]And[A-Z]")]
    private static partial Regex EmptyName();
}
