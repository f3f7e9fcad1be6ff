using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

internal sealed class ModelAccess(Func<IGatewayDb> open, IReadCache cache, IModelCatalogue catalogue) : IModelAccess
{
    public async ValueTask<AllowedModels> OfAsync(Caller caller, CancellationToken cancellationToken)
    {
        var lists = await cache.GetAsync(
            new AccessKey(caller.BindingKeyId, caller.UserId), () => ReadAsync(caller, cancellationToken), cancellationToken);
        return new BindingLists(lists!, catalogue);
    }

    private async Task<IReadOnlyList<ModelAllowance>?> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        var key = caller.BindingKeyId;
        return await open().ModelAllowances.AsNoTracking()
            .Where(list => (list.OwnerKind == AllowanceOwnerKind.User && list.OwnerId == caller.UserId)
                || (list.OwnerKind == AllowanceOwnerKind.ApiKey && list.OwnerId == key))
            .OrderByDescending(list => list.OwnerKind)
            .ToListAsync(cancellationToken);
    }

    private readonly record struct AccessKey(Guid? KeyId, Guid UserId);

    /// <summary>The lists that bind a caller: the key's and the user's.</summary>
    private sealed class BindingLists(IReadOnlyList<ModelAllowance> lists, IModelCatalogue catalogue) : AllowedModels
    {
        public override Error? RefusalOf(string model)
        {
            if (lists.Count == 0)
            {
                return null;
            }

            var name = catalogue.Find(model)?.Name ?? model;
            var refusing = lists.FirstOrDefault(list => !list.Allows(name));
            return refusing is null
                ? null
                : ModelErrors.NotAllowed(refusing.OwnerKind is AllowanceOwnerKind.ApiKey ? "API key" : "account", model);
        }
    }
}
