import {
  to = modelarts_notebook.training
  id = "a55eba18-1ebf-4e9a-8229-d2d3b593a3dc"
}
