using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>The catalogue in <c>data/models.json</c>, which the build puts into the assembly.</summary>
internal sealed class ModelCatalogueFile : IModelCatalogue
{
    private const string Resource = "models.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly Dictionary<string, CatalogueModel> _byName;

    /// <summary>Reads the catalogue.</summary>
    /// <exception cref="JsonException">The file is not a catalogue.</exception>
    public ModelCatalogueFile()
    {
        using var file = typeof(ModelCatalogueFile).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in the assembly.");
        var content = JsonSerializer.Deserialize<Content>(file, Format) ?? throw new JsonException($"{Resource} is empty.");
        Models = [.. content.Models.OrderBy(model => model.Name, StringComparer.Ordinal)];
        _byName = Models.ToDictionary(model => model.Name, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<CatalogueModel> Models { get; }

    public CatalogueModel? Find(string name) => _byName.GetValueOrDefault(name);

    private sealed record Content(IReadOnlyList<CatalogueModel> Models);
}
