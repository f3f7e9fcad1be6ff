using System.Text.Json;
using AiPlatform.Domain.Gateway;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Gateway;

internal sealed class AiModelConfiguration : IEntityTypeConfiguration<AiModel>
{
    private const int MaxCapabilitiesLength = 200;

    public void Configure(EntityTypeBuilder<AiModel> builder)
    {
        builder.ToTable("models", table =>
        {
            table.HasCheckConstraint("ck_models_context_window", "context_window > 0");
            table.HasCheckConstraint("ck_models_max_answer_tokens", "max_answer_tokens > 0");
            table.HasCheckConstraint("ck_models_output_limit_field", "output_limit_field IN ('max_tokens', 'max_completion_tokens')");
            table.HasCheckConstraint("ck_models_quality_index", "quality_index >= 0 AND quality_index <= 100");
            table.HasCheckConstraint("ck_models_tokens_per_second", "median_tokens_per_second > 0");
            table.HasCheckConstraint("ck_models_first_chunk", "median_first_chunk_seconds >= 0");
        });
        builder.Property(model => model.Id).ValueGeneratedNever();
        builder.Property(model => model.Name).HasMaxLength(AiModel.MaxNameLength);
        builder.Property(model => model.Family).HasMaxLength(ModelTraits.MaxWordLength);
        builder.Property(model => model.OutputLimitField).HasMaxLength(ModelTraits.MaxWordLength);
        builder.Property(model => model.Capabilities).HasMaxLength(MaxCapabilitiesLength).HasConversion(
            capabilities => string.Join(' ', capabilities.Select(capability => JsonNamingPolicy.SnakeCaseLower.ConvertName(capability.ToString()))),
            words => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Enum.Parse<ModelCapability>(word, true)).ToList(),
            new ValueComparer<IReadOnlyList<ModelCapability>>(
                (one, other) => one!.SequenceEqual(other!),
                capabilities => capabilities.Aggregate(0, (hash, capability) => (hash * 31) + (int)capability),
                capabilities => capabilities.ToList()));
        builder.Property(model => model.Version).IsConcurrencyToken();
        builder.Ignore(model => model.Aliases);
        builder.Ignore(model => model.IsOffered);
        builder.HasIndex(model => model.Name).IsUnique().HasDatabaseName("ux_models_name");
        builder.HasMany(model => model.Names).WithOne().HasForeignKey(name => name.ModelId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(model => model.Routes).WithOne().HasForeignKey(route => route.ModelId).OnDelete(DeleteBehavior.Cascade);
        builder.Navigation(model => model.Names).UsePropertyAccessMode(PropertyAccessMode.Field);
        builder.Navigation(model => model.Routes).UsePropertyAccessMode(PropertyAccessMode.Field);
    }
}

internal sealed class ModelNameConfiguration : IEntityTypeConfiguration<ModelName>
{
    public void Configure(EntityTypeBuilder<ModelName> builder)
    {
        builder.ToTable("model_names");
        builder.HasKey(name => name.Name).HasName("pk_model_names");
        builder.Property(name => name.Name).HasMaxLength(AiModel.MaxNameLength);
    }
}

internal sealed class AiModelRouteConfiguration : IEntityTypeConfiguration<AiModelRoute>
{
    public void Configure(EntityTypeBuilder<AiModelRoute> builder)
    {
        builder.ToTable("model_routes", table =>
        {
            table.HasCheckConstraint("ck_model_routes_order", $"route_order >= 0 AND route_order <= {RouteTerms.MaxOrder}");
            table.HasCheckConstraint("ck_model_routes_weight", $"weight >= 1 AND weight <= {RouteTerms.MaxWeight}");
        });
        builder.Property(route => route.Id).ValueGeneratedNever();
        builder.Property(route => route.Provider).HasMaxLength(RouteTerms.MaxProviderLength);
        builder.Property(route => route.UpstreamModel).HasMaxLength(RouteTerms.MaxUpstreamLength);
        builder.HasIndex(route => new { route.ModelId, route.Provider, route.UpstreamModel })
            .IsUnique()
            .HasDatabaseName("ux_model_routes_model_provider_upstream");
    }
}

internal sealed class AiModelChangeConfiguration : IEntityTypeConfiguration<AiModelChange>
{
    public void Configure(EntityTypeBuilder<AiModelChange> builder)
    {
        builder.ToTable("model_changes", table => table.HasCheckConstraint(
            "ck_model_changes_before", $"(kind = {(int)ModelChangeKind.Added} AND before_json IS NULL) OR (kind <> {(int)ModelChangeKind.Added} AND before_json IS NOT NULL)"));
        builder.HasKey(change => new { change.ModelId, change.Version });
        builder.HasOne<AiModel>().WithMany().HasForeignKey(change => change.ModelId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ModelAllowanceConfiguration : IEntityTypeConfiguration<ModelAllowance>
{
    public void Configure(EntityTypeBuilder<ModelAllowance> builder)
    {
        builder.ToTable("model_allowances");
        builder.HasKey(allowance => new { allowance.OwnerId, allowance.OwnerKind });

        // A name of a model has no blank.
        builder.Property(allowance => allowance.Models).HasConversion(
            models => string.Join(' ', models),
            text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList(),
            new ValueComparer<IReadOnlyList<string>>(
                (one, other) => one!.SequenceEqual(other!),
                models => models.Aggregate(0, (hash, model) => (hash * 31) + model.GetHashCode(StringComparison.Ordinal)),
                models => models.ToList()));
    }
}
