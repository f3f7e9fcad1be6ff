using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AiPlatform.Architecture.Tests.Migrations;

/// <summary>
/// SQL Server's own model of a schema (DacFx), which resolves every name that a statement uses. Its library copies the key pair
/// of an assembly name, which .NET no longer has; here it is loaded with those two calls taken out, in a context of its own.
/// </summary>
internal static class SqlServerModel
{
    private const string Patched = "Microsoft.Data.Tools.Schema.Sql";

    private static readonly Lazy<Assembly> Library = new(() =>
    {
        var context = new AssemblyLoadContext("DacFx");
        context.LoadFromStream(new MemoryStream(WithoutKeyPairs(File.ReadAllBytes(PathOf(Patched)))));
        context.LoadFromAssemblyPath(PathOf("dacfx/Microsoft.Data.SqlClient"));
        context.LoadFromAssemblyPath(PathOf("Microsoft.SqlServer.Dac"));
        return context.LoadFromAssemblyPath(PathOf("Microsoft.SqlServer.Dac.Extensions"));
    });

    /// <summary>What is wrong with the schema that some statements make: names that resolve to nothing, for example.</summary>
    public static IReadOnlyList<string> Validate(IEnumerable<string> statements)
    {
        var version = Enum.Parse(Library.Value.GetType("Microsoft.SqlServer.Dac.Model.SqlServerVersion", throwOnError: true)!, "Sql150");
        var options = Create("TSqlModelOptions");
        using dynamic model = Create("TSqlModel", version, options);
        foreach (var statement in statements)
        {
            model.AddObjects(statement);
        }

        var messages = new List<string>();
        foreach (var message in model.Validate())
        {
            messages.Add((string)message.Message);
        }

        return messages;
    }

    private static object Create(string type, params object[] arguments) =>
        Activator.CreateInstance(Library.Value.GetType($"Microsoft.SqlServer.Dac.Model.{type}", throwOnError: true)!, arguments)!;

    private static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll");

    private static byte[] WithoutKeyPairs(byte[] original)
    {
        var patched = (byte[])original.Clone();
        using var module = ModuleDefinition.ReadModule(new MemoryStream(original));
        using var file = new PEReader(new MemoryStream(original));
        foreach (var method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            foreach (var call in method.Body.Instructions)
            {
                if (call.Operand is MethodReference { DeclaringType.FullName: "System.Reflection.AssemblyName" } target
                    && Replacement(target.Name) is { } code)
                {
                    code.CopyTo(patched, CodeOffset(original, file.PEHeaders, method.RVA) + call.Offset);
                }
            }
        }

        return patched;
    }

    /// <summary>Five bytes, as long as a call, that leave the stack as the call would: with <c>null</c> in place of the key pair.</summary>
    private static byte[]? Replacement(string name)
    {
        var (pop, ldnull, nop) = ((byte)OpCodes.Pop.Value, (byte)OpCodes.Ldnull.Value, (byte)OpCodes.Nop.Value);
        return name switch
        {
            "get_KeyPair" => [pop, ldnull, nop, nop, nop],
            "set_KeyPair" => [pop, pop, nop, nop, nop],
            _ => null,
        };
    }

    /// <summary>Where the code of a method starts in its file: after a header of one byte or, as its lowest bits say, twelve.</summary>
    private static int CodeOffset(byte[] library, PEHeaders headers, int address)
    {
        var section = headers.SectionHeaders[headers.GetContainingSectionIndex(address)];
        var header = address - section.VirtualAddress + section.PointerToRawData;
        return header + ((library[header] & 3) == 2 ? 1 : 12);
    }
}
