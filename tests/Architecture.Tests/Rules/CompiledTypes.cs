using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Rules;

/// <summary>The types as the compiler wrote them.</summary>
internal static class CompiledTypes
{
    private static readonly Lazy<IReadOnlyList<TypeDefinition>> Solution = new(() =>
    [
        .. Read("AiPlatform.Domain"), .. Read("AiPlatform.Application"), .. Read("AiPlatform.Infrastructure"), .. Read("AiPlatform.WebApi"),
    ]);

    private static readonly Lazy<IReadOnlyList<TypeDefinition>> Violations = new(() =>
        [.. Read("AiPlatform.Architecture.Tests").Where(type => type.Namespace.Contains(".Planted.", StringComparison.Ordinal))]);

    /// <summary>Every type of the four layers.</summary>
    public static IReadOnlyList<TypeDefinition> OfTheSolution => Solution.Value;

    /// <summary>Types that break a rule on purpose.</summary>
    public static IReadOnlyList<TypeDefinition> Planted => Violations.Value;

    private static IEnumerable<TypeDefinition> Read(string assembly)
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(folder);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Mvc.ControllerBase).Assembly.Location));
        var module = ModuleDefinition.ReadModule(
            Path.Combine(folder, assembly + ".dll"), new ReaderParameters { ReadSymbols = true, AssemblyResolver = resolver });
        return module.Types.Where(type => !type.IsCompilerGenerated() && type.Namespace.StartsWith("AiPlatform.", StringComparison.Ordinal));
    }
}
