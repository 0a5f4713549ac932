# A notebook with SSH access. Its token is not in the state.
provider "modelarts" {
  omit_token = true
}

resource "modelarts_notebook" "workbench" {
  name     = "workbench"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
    capacity = 20
  }

  lease = {
    duration = "8h"
  }

  endpoints = {
    SSH = {
      key_pair_names     = ["my-key-pair"]
      allowed_access_ips = ["203.0.113.7"]
    }
  }
}

# The SSH configuration for VS Code (Remote - SSH), PyCharm and ssh itself.
# It contains no secret:   terraform output -raw ssh_config >
# ~/.ssh/config.d/workbench
output "ssh_config" {
  value = modelarts_notebook.workbench.ssh == null ? "" : <<-EOT
    Host workbench
      HostName ${modelarts_notebook.workbench.ssh.host}
      Port ${modelarts_notebook.workbench.ssh.port}
      User ${modelarts_notebook.workbench.ssh.user}
      IdentityFile ~/.ssh/my-key-pair.pem
  EOT
}

# The web page with a fresh token. Plans do not fail while the notebook is
# stopped.
ephemeral "modelarts_notebook_access" "workbench" {
  notebook_id       = modelarts_notebook.workbench.id
  allow_not_running = true
}

# Opens the page. To open it again: terraform apply
# -replace=terraform_data.page
resource "terraform_data" "page" {
  input = modelarts_notebook.workbench.id

  provisioner "local-exec" {
    command = "test -z \"$LINK\" || xdg-open \"$LINK\""

    environment = {
      LINK = ephemeral.modelarts_notebook_access.workbench.link
    }
  }
}
